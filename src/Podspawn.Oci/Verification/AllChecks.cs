using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;
using Podspawn.Oci.Verification.Attacks;
using Podspawn.Oci.Verification.Checks;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.Verification;

/// <summary>Every check and every attack: what was asked for against what was seen. Pure.</summary>
internal static class AllChecks
{
    public static IReadOnlyList<Finding> Run(Expectation expectation, Evidence evidence, IReadOnlySet<string> names, IReadOnlyList<AskedAttack> attacks) =>
        [.. FindingNames.All.Where(names.Contains).Select(name => Run(name, expectation, evidence, attacks))];

    private static Finding Run(string name, Expectation expectation, Evidence evidence, IReadOnlyList<AskedAttack> attacks)
    {
        IReadOnlyList<string> keys = KeysOf(name);
        var draft = new FindingDraft(name, keys, expectation, Asked(name, keys, expectation));
        switch (name)
        {
            case "capabilities":
                CapabilityChecks.Sets(expectation, evidence, draft);
                break;
            case "privileged_calls":
                CapabilityChecks.Calls(expectation, evidence, draft);
                break;
            case "no_new_privileges":
                PrivilegeCheck.Run(expectation, evidence, draft);
                break;
            case "pids_limit":
                PidsCheck.Run(expectation, evidence, draft);
                UserIdBound.Tell(expectation, evidence, draft);
                break;
            case "readonly_rootfs":
                ReadonlyRootCheck.Run(expectation, evidence, draft);
                break;
            case "tmpfs":
                TmpfsCheck.Run(expectation, evidence, draft);
                break;
            case "runtime":
                KernelCheck.Run(expectation, evidence, draft);
                break;
            case "seccomp":
                SeccompCheck.Run(expectation, evidence, draft);
                break;
            case "masked_paths":
                PathChecks.Masked(expectation, evidence, draft);
                break;
            case "readonly_paths":
                PathChecks.Readonly(expectation, evidence, draft);
                break;
            case "namespaces":
                NamespaceCheck.Run(expectation, evidence, draft);
                break;
            case "devices":
                DeviceCheck.Run(expectation, evidence, draft);
                break;
            case "streams":
                StreamCheck.Run(expectation, evidence, draft);
                break;
            case "cpus":
                ResourceChecks.Cpus(expectation, evidence, draft);
                break;
            case "memory":
                ResourceChecks.Memory(expectation, evidence, draft);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(name), name, "there is no such finding");
        }
        AttackJudge.Run(attacks.Where(asked => asked.Attack.Finding == name), expectation, evidence, draft);
        return draft.Finish();
    }

    private static IReadOnlyList<string> KeysOf(string name) => name switch
    {
        "capabilities" or "privileged_calls" => [Keys.CapDrop, Keys.CapAdd],
        "no_new_privileges" => [Keys.NoNewPrivileges],
        "pids_limit" => [Keys.PidsLimit],
        "readonly_rootfs" => [Keys.ReadonlyRootfs],
        "tmpfs" => [Keys.Tmpfs],
        "runtime" => [Keys.Runtime],
        "seccomp" => [Keys.Seccomp],
        "masked_paths" => [Keys.MaskedPaths],
        "readonly_paths" => [Keys.ReadonlyPaths],
        "cpus" => [Keys.Cpus],
        "memory" => [Keys.Memory],
        _ => [],
    };

    private static string Asked(string name, IReadOnlyList<string> keys, Expectation expectation) => name switch
    {
        "namespaces" => $"its own {string.Join(", ", expectation.Namespaces)}",
        "devices" => "no devices but null, zero, full, random, urandom, tty and pseudo-terminals",
        "streams" => "stdin, stdout and stderr that are made for it, and no descriptor more",
        "capabilities" or "privileged_calls" => expectation.Bounding.Count == 0 ? "no capability" : string.Join(' ', CapabilityChecks.Names(expectation.Bounding)),
        _ => expectation.ValueOf(keys[0]),
    };
}
