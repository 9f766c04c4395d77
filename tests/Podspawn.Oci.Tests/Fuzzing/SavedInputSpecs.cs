using Podspawn.Oci.Fuzzing;

namespace Podspawn.Oci.Tests.Fuzzing;

/// <summary>The inputs that fuzzing has saved, each for a path through a reader or for a mistake that was fixed, and variants of them.</summary>
public sealed class SavedInputSpecs
{
    private const int ChangesOfEach = 200;

    // A reader that hangs is detected; a busy machine is not taken for one.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly string Corpora = Path.Combine(AppContext.BaseDirectory, "corpora");

    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_saved_input_is_read_or_refused_in_words(string name)
    {
        FuzzTarget target = FuzzTargets.Find(name)!;
        foreach ((string file, byte[] input) in InputsOf(name))
            Run(target, input, file);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void What_is_like_a_saved_input_is_read_or_refused_in_words(string name)
    {
        FuzzTarget target = FuzzTargets.Find(name)!;
        var inputs = InputsOf(name);
        var mutation = new Mutation(seed: 1);
        for (int i = 0; i < inputs.Count * ChangesOfEach; i++)
        {
            (string file, byte[] input) = inputs[i % inputs.Count];
            byte[] changed = mutation.Of(input, inputs[(i / ChangesOfEach) % inputs.Count].Input);
            Run(target, changed, $"{file}, change {i}");
        }
    }

    [Fact]
    public void A_reader_that_throws_what_it_does_not_declare_is_found()
    {
        var target = new FuzzTarget("broken", [typeof(FormatException)], input => throw (input.Length == 0 ? new FormatException("empty") : new InvalidCastException()));
        target.Run([]);
        Assert.Throws<InvalidCastException>(() => target.Run([1]));
        Assert.Contains("change 7", Assert.Throws<InvalidOperationException>(() => Run(target, [1], "change 7")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_refuses_without_a_word_or_breaks_its_promise_is_found()
    {
        Assert.Throws<BrokenPromiseException>(() => new FuzzTarget("silent", [typeof(FormatException)], _ => throw new FormatException("")).Run([]));
        Assert.Throws<BrokenPromiseException>(() => new FuzzTarget("wrong", [typeof(FormatException)], _ => Promise.Hold(false, "is right")).Run([]));
    }

    [Fact]
    public void Every_corpus_is_a_targets() =>
        Assert.Equal(FuzzTargets.All.Select(target => target.Name).Order(), Directory.GetDirectories(Corpora).Select(directory => Path.GetFileName(directory)).Order());

    private static List<(string File, byte[] Input)> InputsOf(string name)
    {
        List<(string, byte[])> inputs = [.. Directory.GetFiles($"{Corpora}/{name}").Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))];
        Assert.NotEmpty(inputs);
        return inputs;
    }

    private static void Run(FuzzTarget target, byte[] input, string what)
    {
        Exception? found = null;
        Task reading = Task.Run(() => found = Record.Exception(() => target.Run(input)));
        if (!reading.Wait(Limit))
            found = new TimeoutException("has not ended");
        if (found is not null)
            throw new InvalidOperationException($"{target.Name}, {what}: {found.Message}; the input: {Convert.ToBase64String(input)}", found);
    }
}
