using System.Globalization;
using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>The five capability sets, and what the relevant ones permit (capabilities(7)).</summary>
internal static class CapabilityChecks
{
    private static readonly (string Name, string StatusKey)[] AllSets =
    [
        ("inheritable", "CapInh"), ("permitted", "CapPrm"), ("effective", "CapEff"), ("bounding", "CapBnd"), ("ambient", "CapAmb"),
    ];

    private static readonly (string Name, Capability Needs, string Call)[] AllCalls =
    [
        ("chown", Capability.Chown, "fchown"), ("setuid", Capability.Setuid, "setresuid"), ("bind", Capability.NetBindService, "bind"),
        ("raw_socket", Capability.NetRaw, "socket"), ("mount", Capability.SysAdmin, "mount"), ("mknod", Capability.Mknod, "mknod"),
        ("chroot", Capability.SysChroot, "chroot"), ("ptrace", Capability.SysPtrace, "ptrace"),
    ];

    public static void Sets(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        foreach ((string name, string key) in AllSets)
        {
            CapabilitySet wanted = name switch
            {
                "bounding" => expectation.Bounding,
                "permitted" or "effective" => expectation.Effective,
                _ => CapabilitySet.Empty,
            };
            if (evidence.Inside is { } inside)
                Compare(expectation, "inside", name, wanted, Told(inside, name, key), evidence, draft);
            if (!expectation.OnSentry)
                Compare(expectation, "outside", name, wanted, evidence.Outside?.Status.GetValueOrDefault(key), evidence, draft);
        }
        if (expectation.OnSentry && evidence.Inside is null)
            draft.Unseen("what gVisor's process holds", "it is no process of the host's; verify without a name launches a probe");
    }

    public static void Calls(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        if (evidence.Inside is null)
        {
            draft.Unseen("what the calls do", "they are not tried in a running container");
            return;
        }
        foreach ((string name, Capability needs, string call) in AllCalls)
        {
            if (evidence.Inside.Word("call", name) is not { } outcome)
            {
                draft.Unseen(name, evidence.End);
                continue;
            }
            bool wanted = expectation.Effective.Contains(needs) && FilterAnswer.Of(expectation.Seccomp, expectation.OnSentry, call) == FilterAnswer.Allow;
            bool works = outcome == "ok";
            draft.Saw($"{name} {outcome}");
            // Untried where there was nothing to try it on: then only the sets tell.
            if (works == wanted || outcome.StartsWith("untried", StringComparison.Ordinal))
                continue;
            // In gVisor a device file leads to gVisor's own devices, whoever creates it.
            if (works && name == "mknod" && expectation.OnSentry)
            {
                draft.Differs("gVisor lets mknod make device files without MKNOD; they lead to its own devices, never to the host's");
                continue;
            }
            if (!works && name == "raw_socket" && expectation.OnSentry && outcome is "EAFNOSUPPORT" or "EPROTONOSUPPORT" or "ESOCKTNOSUPPORT")
            {
                draft.Differs("gVisor has no raw sockets on this network, although NET_RAW is granted");
                continue;
            }
            string why = expectation.Effective.Contains(needs) ? "its system call is filtered" : $"{CapabilityNames.ShortName(needs)} is not granted";
            draft.Short(works ? $"{name} works, although {why}" : $"{name} fails with {outcome}, although {CapabilityNames.ShortName(needs)} is granted");
        }
    }

    /// <summary>The names of a set's members, without the prefix.</summary>
    public static IEnumerable<string> Names(CapabilitySet set) => (set & CapabilityNames.Named).Members().Select(CapabilityNames.ShortName);

    // gVisor does not support prctl's query of the ambient set; its /proc tells.
    private static string? Told(ProbeReport inside, string name, string key)
    {
        string? word = inside.Word("capabilities", name);
        return TryRead(word, out _) ? word : inside.Word("status", key) ?? word;
    }

    private static void Compare(Expectation expectation, string where, string name, CapabilitySet wanted, string? told, Evidence evidence, FindingDraft draft)
    {
        if (!TryRead(told, out ulong mask))
        {
            if (told == "EINVAL" && name == "ambient" && expectation.OnSentry)
            {
                draft.Differs("gVisor knows no ambient set, so that nothing can be in it");
                return;
            }
            draft.Unseen($"{where}, the {name} set{(told is null ? "" : $" ({told})")}", evidence.End);
            return;
        }
        var found = new CapabilitySet(mask);
        draft.Saw($"{where}: {name} {mask:x16}");
        if (found == wanted)
            return;
        string more = string.Join(' ', Names(found - wanted)), less = string.Join(' ', Names(wanted - found));
        draft.Short($"{where}: the {name} set{(more.Length > 0 ? $" has {more} beyond what was asked for" : "")}{(more.Length > 0 && less.Length > 0 ? " and"
            : "")}{(less.Length > 0 ? $" lacks {less}" : "")}");
    }

    private static bool TryRead(string? text, out ulong mask) => ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out mask);
}
