using CsCheck;
using Podspawn.Oci.Capabilities;

namespace Podspawn.Oci.Tests.Capabilities;

public class CapabilityRulePropertiesSpecs
{
    // Names as users write them, ALL rather often, and now and then nonsense.
    private static readonly Gen<string> Element = Gen.Frequency(
        (10, Gen.Select(Gen.Int[0, 40], Gen.Int[0, 3], Spell)),
        (2, OneOf("ALL", "all", "All")),
        (1, OneOf("", "CAP_", "CAP_ALL", "CHWON", "\u0000", "41")));

    private static readonly Gen<string[]> List = Element.Array[0, 12];

    private static readonly Gen<(string[] Add, string[] Drop, CapabilitySet Available, CapabilitySet Kernel)> Case =
        Gen.Select(List, List, Gen.ULong, Gen.Int[30, 63]).Select(
            (add, drop, mask, last) => (add, drop, new CapabilitySet(mask) & CapabilitySet.UpTo(last), CapabilitySet.UpTo(last)));

    [Fact]
    public void No_input_yields_what_the_rule_does_not_allow() => Case.Sample(input =>
    {
        CapabilitySet result = CapabilityRule.Resolve(input.Add, input.Drop, input.Available, input.Kernel).Set;

        foreach (Capability capability in result.Members())
            Assert.True(Allowed(capability, input.Add, input.Drop), $"{(int)capability} was granted");
        Assert.True(input.Available.IsSupersetOf(result));
    });

    [Fact]
    public void Without_a_problem_all_that_the_rule_allows_and_we_hold_is_granted() => Case.Sample(input =>
    {
        CapabilityResolution result = CapabilityRule.Resolve(input.Add, input.Drop, input.Available, input.Kernel);

        foreach (Capability capability in input.Available.Members())
            Assert.Equal(Allowed(capability, input.Add, input.Drop), result.Set.Contains(capability));
    });

    [Fact]
    public void Order_and_repetition_do_not_matter() => Gen.Select(Case, Gen.Int).Sample((input, seed) =>
    {
        var random = new Random(seed);
        string[] add = [.. input.Add, .. input.Add];
        string[] drop = [.. input.Drop, .. input.Drop];
        random.Shuffle(add);
        random.Shuffle(drop);

        Assert.Equal(
            CapabilityRule.Resolve(input.Add, input.Drop, input.Available, input.Kernel).Set,
            CapabilityRule.Resolve(add, drop, input.Available, input.Kernel).Set);
    });

    [Fact]
    public void Spelling_does_not_matter() => Gen.Select(Gen.Int[0, 40].Array[0, 12], Gen.Int[0, 40].Array[0, 12], Gen.Int[0, 3]).Sample(
        (add, drop, style) =>
        {
            CapabilitySet kernel = CapabilitySet.UpTo(40);
            string[] Spelt(int[] numbers, int style) => [.. numbers.Select(number => Spell(number, style))];

            Assert.Equal(
                CapabilityRule.Resolve(Spelt(add, 0), Spelt(drop, 0), kernel, kernel).Set,
                CapabilityRule.Resolve(Spelt(add, style), Spelt(drop, style), kernel, kernel).Set);
        });

    [Fact]
    public void Each_unknown_name_is_one_problem_at_its_place() => Case.Sample(input =>
    {
        CapabilityResolution result = CapabilityRule.Resolve(input.Add, input.Drop, input.Available, input.Kernel);

        Assert.Equal(
            Unknown("cap_drop", input.Drop).Concat(Unknown("cap_add", input.Add)),
            result.Problems.Where(problem => problem.What.StartsWith("unknown", StringComparison.Ordinal)).Select(problem => (problem.List, problem.Index)));
    });

    [Fact]
    public void Each_capability_asked_for_by_name_and_not_granted_is_a_problem_or_was_dropped_beside_all() => Case.Sample(input =>
    {
        CapabilityResolution result = CapabilityRule.Resolve(input.Add, input.Drop, input.Available, input.Kernel);

        for (int index = 0; index < input.Add.Length; index++)
        {
            bool asked = CapabilityNames.TryParse(input.Add[index], out Capability capability) && Allowed(capability, input.Add, input.Drop);
            bool problem = result.Problems.Any(found => found.List == "cap_add" && found.Index == index);
            if (asked)
                Assert.NotEqual(result.Set.Contains(capability), problem);
        }
    });

    // The table of the config reference, capability by capability, written without sets.
    private static bool Allowed(Capability capability, string[] add, string[] drop)
    {
        bool added = Names(add, capability);
        bool dropped = Names(drop, capability);
        if (add.Any(CapabilityNames.IsAll))
            return !dropped;
        if (drop.Any(CapabilityNames.IsAll))
            return added;
        return added || (!dropped && CapabilityRule.DockerDefault.Contains(capability));
    }

    private static Gen<string> OneOf(params string[] words) => Gen.Int[0, words.Length - 1].Select(index => words[index]);

    private static bool Names(string[] list, Capability capability) =>
        list.Any(name => CapabilityNames.TryParse(name, out Capability named) && named == capability);

    private static IEnumerable<(string, int)> Unknown(string list, string[] names) =>
        names.Index()
            .Where(element => !CapabilityNames.IsAll(element.Item) && !CapabilityNames.TryParse(element.Item, out _))
            .Select(element => (list, element.Index));

    private static string Spell(int number, int style) => style switch
    {
        0 => CapabilityNames.SpecName((Capability)number),
        1 => CapabilityNames.ShortName((Capability)number),
        2 => CapabilityNames.SpecName((Capability)number).ToLowerInvariant(),
        _ => CapabilityNames.ShortName((Capability)number).ToLowerInvariant(),
    };
}
