using Podspawn.Oci.Verification.Expectations;

namespace Podspawn.Oci.Verification.Attacks;

/// <summary>Ways to the caller's terminal, and what may leak in from the caller.</summary>
internal static class StreamAttacks
{
    private const string Finding = "streams";
    // The probe uses the same word.
    private const string OwnTerminal = "own";

    private static readonly char[] Separators = [' ', ','];

    // The runtimes set these where the config does not.
    private static readonly string[] AlwaysThere = ["HOME"];

    public static IReadOnlyList<Attack> Rows { get; } =
    [
        new(Finding, "tiocsti", "characters typed into a terminal", Terminal),
        new(Finding, "tioclinux", "a console's clipboard", Terminal),
        new(Finding, "signals", "signals ignored or blocked from the start", Leave.ToNobody),
        new(Finding, "environment", "variables that nobody asked for", Environment),
        new(Finding, "keyring", "keys in the session keyring", Keyring),
        new(Finding, Attack.Executed, "what a process has that exec brings in", Executed) { Arguments = _ => ExecutedProcess.Both },
    ];

    // A terminal that was created for the container leads to no other process.
    private static Verdict Terminal(AttackTry tried) => tried.End == OwnTerminal ? Verdict.Told($"{tried.Detail}: of the container's own") : Verdict.Works(tried.Detail);

    // "keyring;UID;GID;RIGHTS;NAME" (keyctl(2), KEYCTL_DESCRIBE), and the number of keys. The session keyring of a login or of a user has such a name.
    private static Verdict Keyring(AttackTry tried)
    {
        string name = tried.Detail.Split(';')[^1];
        if (tried.Expectation.OnSentry)
            return Verdict.Told($"keyring {name}: gVisor's own, none of the host's");
        bool hosts = name == "_ses" || name.StartsWith("_uid", StringComparison.Ordinal);
        return hosts || tried.End != "0" ? Verdict.Works($"keyring {name} with {tried.End} keys") : Verdict.Refused($"keyring {name} is its own, and empty");
    }

    private static Verdict Environment(AttackTry tried) => Beyond(tried.Expectation, tried.Detail) is { Length: > 0 } names
        ? Verdict.Works($"{names} came in")
        : Verdict.Refused("none came in");

    private static Verdict? Executed(AttackTry tried)
    {
        if (tried.Inside.First("exec", tried.Argument, "end") is null)
            return null;
        if (tried.Inside.All("exec", tried.Argument, "descriptor") is [var first, ..])
            return Verdict.Works($"descriptor {string.Join(", a ", first)}, is open as well");
        if (tried.Inside.First("exec", tried.Argument, "tiocsti") is ["works", .. var where] && where is not [_, OwnTerminal])
            return Verdict.Works($"characters typed into a terminal ({string.Join(' ', where)})");
        return Beyond(tried.Expectation, tried.Inside.Word("exec", tried.Argument, "environment") ?? "") is { Length: > 0 } names
            ? Verdict.Works($"the variables {names} came in")
            : Verdict.Refused("nothing of the caller's");
    }

    private static string Beyond(Expectation expectation, string names) =>
        string.Join(' ', names.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Except(expectation.Environment).Except(AlwaysThere));
}
