using System.Globalization;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>The seccomp filter: that it exists, and how it answers a sample of calls (seccomp(2)).</summary>
internal static class SeccompCheck
{
    private const string FilterMode = "2";

    public static void Run(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        Modes(expectation, expectation.Seccomp is null ? "0" : FilterMode, evidence, draft);
        if (evidence.Inside is not { } inside)
        {
            if (expectation.OnSentry && expectation.Seccomp is not null)
                draft.Unseen("the filter", "gVisor applies it itself; verify without a name launches a probe");
            return;
        }
        IReadOnlyList<string[]> calls = inside.All("system_call");
        if (calls.Count == 0)
            draft.Unseen("the sample of system calls", evidence.End);
        foreach (string[] call in calls)
        {
            if (call is [var name, var outcome, var arguments])
                Judge(expectation, name, outcome, Arguments(arguments), draft);
        }
    }

    private static void Modes(Expectation expectation, string wanted, Evidence evidence, FindingDraft draft)
    {
        // The Sentry's own process has its own filter.
        if (!expectation.OnSentry && evidence.Outside?.Status.GetValueOrDefault("Seccomp") is { } outside)
            draft.Expect(outside == wanted, $"outside: mode {outside}", $"mode {wanted}");
        else if (!expectation.OnSentry)
            draft.Unseen("outside, the mode", evidence.End);
        if (evidence.Inside is not { } inside)
            return;
        // Without a filter gVisor need not support the query.
        if (inside.Word("seccomp") is { } mode && !(expectation is { OnSentry: true, Seccomp: null } && mode.StartsWith('E')))
            draft.Expect(mode == wanted, $"inside: mode {mode}", $"mode {wanted}");
        else if (expectation is not { OnSentry: true, Seccomp: null })
            draft.Unseen("inside, the mode", evidence.End);
    }

    private static void Judge(Expectation expectation, string name, string outcome, ulong[] arguments, FindingDraft draft)
    {
        draft.Saw($"{name} {outcome}");
        int answer = FilterAnswer.Of(expectation.Seccomp, expectation.OnSentry, name, arguments);
        if (answer == FilterAnswer.Allow || outcome.StartsWith("untried", StringComparison.Ordinal))
            return;
        string wanted = answer switch
        {
            FilterAnswer.Other => "a signal",
            1 => "EPERM",
            38 => "ENOSYS",
            _ => answer.ToString(CultureInfo.InvariantCulture),
        };
        bool stopped = answer == FilterAnswer.Other ? outcome.StartsWith("signal", StringComparison.Ordinal) : outcome == wanted || (wanted.All(char.IsDigit) && outcome != "ok");
        // A call that gVisor does not implement is refused before any filter is asked.
        stopped |= expectation.OnSentry && outcome == "ENOSYS";
        if (!stopped)
            draft.Short($"{name} gives {outcome}, where the filter answers {wanted}");
    }

    private static ulong[] Arguments(string list) =>
        [.. list.Split(',').Select(text => ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value) ? value : 0)];
}
