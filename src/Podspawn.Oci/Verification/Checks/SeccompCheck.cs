using System.Globalization;
using Podspawn.Oci.Verification.Views;
using Podspawn.Oci.Verification.Wishes;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>The seccomp filter: that there is one, and what it answers to a sample of calls (seccomp(2)).</summary>
internal static class SeccompCheck
{
    private const string FilterMode = "2";

    public static void Run(Wish wish, Seen seen, FindingDraft draft)
    {
        Modes(wish, wish.Seccomp is null ? "0" : FilterMode, seen, draft);
        if (seen.Inside is not { } inside)
        {
            if (wish.OnSentry && wish.Seccomp is not null)
                draft.Unseen("the filter", "gVisor applies it itself; verify without a name launches a probe");
            return;
        }
        IReadOnlyList<string[]> calls = inside.All("system_call");
        if (calls.Count == 0)
            draft.Unseen("the sample of system calls", seen.End);
        foreach (string[] call in calls)
        {
            if (call is [var name, var outcome, var arguments])
                Judge(wish, name, outcome, Arguments(arguments), draft);
        }
    }

    private static void Modes(Wish wish, string wanted, Seen seen, FindingDraft draft)
    {
        // The Sentry's own process has a filter of its own.
        if (!wish.OnSentry && seen.Outside?.Status.GetValueOrDefault("Seccomp") is { } outside)
            draft.Expect(outside == wanted, $"outside: mode {outside}", $"mode {wanted}");
        else if (!wish.OnSentry)
            draft.Unseen("outside, the mode", seen.End);
        if (seen.Inside is not { } inside)
            return;
        // Without a filter gVisor need not know the question.
        if (inside.Word("seccomp") is { } mode && !(wish is { OnSentry: true, Seccomp: null } && mode.StartsWith('E')))
            draft.Expect(mode == wanted, $"inside: mode {mode}", $"mode {wanted}");
        else if (wish is not { OnSentry: true, Seccomp: null })
            draft.Unseen("inside, the mode", seen.End);
    }

    private static void Judge(Wish wish, string name, string outcome, ulong[] arguments, FindingDraft draft)
    {
        draft.Saw($"{name} {outcome}");
        int answer = FilterAnswer.Of(wish.Seccomp, wish.OnSentry, name, arguments);
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
        // A call that gVisor does not have is refused before any filter is asked.
        stopped |= wish.OnSentry && outcome == "ENOSYS";
        if (!stopped)
            draft.Short($"{name} gives {outcome}, where the filter answers {wanted}");
    }

    private static ulong[] Arguments(string list) =>
        [.. list.Split(',').Select(text => ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value) ? value : 0)];
}
