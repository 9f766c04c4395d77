using System.Collections.Concurrent;
using Podspawn.Oci.Verification.Findings;
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.RuntimeTests.Verification;

/// <summary>A verification must be able to detect a fault: each finding falls short when the config.json is broken behind the translator's back.</summary>
public sealed class SabotageSpecs
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<(int Status, VerificationReport Report)>>> Sound = new();

    /// <summary>Every sabotage on every runtime that it applies to.</summary>
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (Sabotage sabotage in Sabotage.All)
            {
                foreach (string runtime in sabotage.Runtimes)
                    cases.Add(runtime, sabotage.Name);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_sabotage_is_noticed_and_its_absence_too(string runtime, string name)
    {
        Sabotage sabotage = Sabotage.All.Single(item => item.Name == name);
        (int status, VerificationReport sound) = await SoundOnce(runtime, sabotage);
        Assert.True(sound.Result != FindingResult.FallsShort, Tell(sound));
        Assert.Equal(0, status);

        (status, VerificationReport broken) = await Verify(runtime, sabotage.Python, sabotage);
        string[] expected = [.. FindingNames.All.Where(sabotage.Findings.Contains)];
        string[] found = [.. broken.Findings.Where(finding => finding.Result == FindingResult.FallsShort).Select(finding => finding.Name)];
        Assert.True(expected.SequenceEqual(found), $"expected {string.Join(' ', expected)}\nfound {string.Join(' ', found)}\n{Tell(broken)}");
        Assert.Equal(1, status);
        Assert.Contains(sabotage.Word, string.Join('\n', broken.Findings.Single(finding => finding.Name == sabotage.Findings[0]).Shortfalls), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runtime_that_is_not_what_it_says_is_noticed() => await AnswersWrongly(Saboteur.RuncThatSaysRunsc(), "the host's kernel answers, asked for gVisor's");

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task Another_kernel_than_the_hosts_is_noticed(string runtime) => await AnswersWrongly(Saboteur.OnAnotherKernel(runtime), "asked for the host's kernel");

    [Fact]
    public void Every_finding_has_a_sabotage()
    {
        IEnumerable<string> tried = Sabotage.All.Select(sabotage => sabotage.Findings[0]).Append("runtime");
        // Those of egress need a host of their own: EgressVerifySpecs has them.
        tried = tried.Append("egress");
        Assert.Empty(FindingNames.All.Except(tried));
    }

    private static async Task AnswersWrongly(Saboteur runtime, string word)
    {
        using Saboteur saboteur = runtime;
        (int status, VerificationReport report) = await Verify(saboteur, "--only", "runtime");
        Assert.Equal((1, FindingResult.FallsShort), (status, report.Result));
        Assert.Contains(word, report.Findings[0].Shortfalls[0], StringComparison.Ordinal);
    }

    // The report that many sabotages are compared with is created once.
    private static Task<(int Status, VerificationReport Report)> SoundOnce(string runtime, Sabotage sabotage) => Sound.GetOrAdd(
        string.Join('\0', [runtime, .. sabotage.Flags, .. OnlyFor(runtime, sabotage)]),
        _ => new Lazy<Task<(int, VerificationReport)>>(() => Verify(runtime, "pass", sabotage))).Value;

    // Where everything is quick, everything is verified: nothing else may fall short.
    private static string[] OnlyFor(string runtime, Sabotage sabotage) => runtime == "runsc" ? ["--only", string.Join(',', sabotage.Findings)] : [];

    private static async Task<(int Status, VerificationReport Report)> Verify(string runtime, string python, Sabotage sabotage)
    {
        using var saboteur = new Saboteur(runtime, python);
        return await Verify(saboteur, [.. sabotage.Flags, .. OnlyFor(runtime, sabotage)]);
    }

    private static async Task<(int Status, VerificationReport Report)> Verify(Saboteur saboteur, params string[] flags)
    {
        Outcome outcome = await PodspawnOci.Call(["verify", "--runtime", saboteur.Program, "--format", "json", .. flags]);
        Assert.True(outcome.Status is 0 or 1, $"exit status {outcome.Status}\n{outcome.Error}\n{outcome.Text}");
        return (outcome.Status, VerificationJson.Deserialize(outcome.Output));
    }

    private static string Tell(VerificationReport report) =>
        string.Join('\n', report.Findings.SelectMany(finding => finding.Shortfalls.Select(line => $"{finding.Name}: {line}")));
}
