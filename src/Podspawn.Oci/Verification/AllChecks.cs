using Podspawn.Oci.Translation;
using Podspawn.Oci.Verification.Attacks;
using Podspawn.Oci.Verification.Checks;
using Podspawn.Oci.Verification.Views;
using Podspawn.Oci.Verification.Wishes;

namespace Podspawn.Oci.Verification;

/// <summary>Every check and every attack: what was asked for against what was seen. Pure.</summary>
internal static class AllChecks
{
    public static IReadOnlyList<Finding> Run(Wish wish, Seen seen, IReadOnlySet<string> names, IReadOnlyList<AskedAttack> attacks) =>
        [.. FindingNames.All.Where(names.Contains).Select(name => Run(name, wish, seen, attacks))];

    private static Finding Run(string name, Wish wish, Seen seen, IReadOnlyList<AskedAttack> attacks)
    {
        IReadOnlyList<string> keys = KeysOf(name);
        var draft = new FindingDraft(name, keys, wish, Asked(name, keys, wish));
        switch (name)
        {
            case "capabilities":
                CapabilityChecks.Sets(wish, seen, draft);
                break;
            case "privileged_calls":
                CapabilityChecks.Calls(wish, seen, draft);
                break;
            case "no_new_privileges":
                PrivilegeCheck.Run(wish, seen, draft);
                break;
            case "pids_limit":
                PidsCheck.Run(wish, seen, draft);
                UserIdBound.Tell(wish, seen, draft);
                break;
            case "readonly_rootfs":
                ReadonlyRootCheck.Run(wish, seen, draft);
                break;
            case "tmpfs":
                TmpfsCheck.Run(wish, seen, draft);
                break;
            case "runtime":
                KernelCheck.Run(wish, seen, draft);
                break;
            case "seccomp":
                SeccompCheck.Run(wish, seen, draft);
                break;
            case "masked_paths":
                PathChecks.Masked(wish, seen, draft);
                break;
            case "readonly_paths":
                PathChecks.Readonly(wish, seen, draft);
                break;
            case "namespaces":
                NamespaceCheck.Run(wish, seen, draft);
                break;
            case "devices":
                DeviceCheck.Run(wish, seen, draft);
                break;
            case "streams":
                StreamCheck.Run(wish, seen, draft);
                break;
            case "cpus":
                ResourceChecks.Cpus(wish, seen, draft);
                break;
            case "memory":
                ResourceChecks.Memory(wish, seen, draft);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(name), name, "there is no such finding");
        }
        AttackJudge.Run(attacks.Where(asked => asked.Attack.Finding == name), wish, seen, draft);
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

    private static string Asked(string name, IReadOnlyList<string> keys, Wish wish) => name switch
    {
        "namespaces" => $"its own {string.Join(", ", wish.Namespaces)}",
        "devices" => "no devices but null, zero, full, random, urandom, tty and pseudo-terminals",
        "streams" => "stdin, stdout and stderr that are made for it, and no descriptor more",
        "capabilities" or "privileged_calls" => wish.Bounding.Count == 0 ? "no capability" : string.Join(' ', CapabilityChecks.Names(wish.Bounding)),
        _ => wish.ValueOf(keys[0]),
    };
}
