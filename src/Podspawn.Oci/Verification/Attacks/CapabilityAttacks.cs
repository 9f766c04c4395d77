using System.Globalization;
using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Verification.Checks;
using Podspawn.Oci.Verification.Expectations;

namespace Podspawn.Oci.Verification.Attacks;

/// <summary>Ways to a capability that was not granted (capabilities(7)).</summary>
internal static class CapabilityAttacks
{
    private const string Finding = "capabilities";
    private const int MostNamed = 12;
    private static readonly string[] Sets = ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"];

    public static IReadOnlyList<Attack> Rows { get; } =
    [
        new(Finding, "user_namespace", "a user namespace, with every capability in it", InUserNamespace),
        new(Finding, "file_capabilities", "a program with file capabilities", FromFile) { Arguments = Places.ForPrograms },
        new(Finding, "ambient", "all that is permitted, made ambient", Regained),
        new(Finding, "ptrace", "another process that has more, traced", tried => tried.Expectation.Effective.Contains(Capability.SysPtrace)
            ? Verdict.Granted($"{tried.Detail}: SYS_PTRACE is granted")
            : Verdict.Works(tried.Detail)),
        new(Finding, Attack.Executed, "the sets of a process that exec brings in", Executed) { Arguments = _ => ExecutedProcess.Both },
    ];

    private static Verdict InUserNamespace(AttackTry tried) => tried.Expectation.MayMakeUserNamespace()
        ? Verdict.Granted($"{Told(tried)}, over that namespace alone: no filter refuses it")
        : Verdict.Works(Told(tried));

    // A file may regain what the bounding set has, unless execve grants nothing.
    private static Verdict FromFile(AttackTry tried)
    {
        if (SetOf(tried.Detail) is not { } set || tried.Expectation.Effective.IsSupersetOf(set))
            return Regained(tried);
        return tried.Expectation.Bounding.IsSupersetOf(set) && !tried.Expectation.NoNewPrivileges
            ? Verdict.Granted($"{Told(tried)}: the bounding set has it, and no_new_privileges is off")
            : Verdict.Works(Told(tried));
    }

    private static Verdict Regained(AttackTry tried) => SetOf(tried.Detail) is { } set && tried.Expectation.Effective.IsSupersetOf(set)
        ? Verdict.Refused("gives nothing beyond what is granted")
        : Verdict.Works(Told(tried));

    private static Verdict? Executed(AttackTry tried)
    {
        Expectation expectation = tried.Expectation;
        foreach (string key in Sets)
        {
            CapabilitySet wanted = key switch
            {
                "CapBnd" => expectation.Bounding,
                "CapPrm" or "CapEff" when tried.Argument == ExecutedProcess.Root => expectation.Bounding,
                _ => CapabilitySet.Empty,
            };
            string? text = ExecutedProcess.Status(tried, key);
            // gVisor has no ambient set, and does not report one.
            if (text is null && expectation.OnSentry && key == "CapAmb")
                continue;
            if (text is null || SetOf(text) is not { } found)
                return null;
            if (!wanted.IsSupersetOf(found))
                return Verdict.Works($"{key} has {string.Join(' ', CapabilityChecks.Names(found - wanted))} beyond what was asked for");
        }
        return Verdict.Refused("has no capability beyond what is granted");
    }

    private static string Told(AttackTry tried) => SetOf(tried.Detail) is { } set
        ? $"it has {(set.Count > MostNamed ? $"{set.Count} capabilities" : string.Join(' ', CapabilityChecks.Names(set)))}"
        : tried.Detail;

    internal static CapabilitySet? SetOf(string text) =>
        ulong.TryParse(text.StartsWith("0x", StringComparison.Ordinal) ? text.AsSpan(2) : text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong mask)
            ? new CapabilitySet(mask)
            : null;
}
