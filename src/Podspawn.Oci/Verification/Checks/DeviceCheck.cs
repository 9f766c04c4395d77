using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>The devices that exist (config-linux.md, "Default Devices"), and the rules of the device controller.</summary>
internal static class DeviceCheck
{
    private static readonly HashSet<string> Expected = ["1:3", "1:5", "1:7", "1:8", "1:9", "5:0", "5:1", "5:2"];
    private const string PseudoTerminals = "136:";

    // runc (1.1) grants /dev/net/tun to every container, which has no such file and cannot create one without MKNOD.
    private const string Tunnel = "10:200";

    public static void Run(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        if (evidence.Outside?.Cgroup.Devices is { } rules)
        {
            draft.Saw($"outside: device rules {string.Join("; ", rules)}");
            Rules(expectation, rules, draft);
        }
        if (evidence.Inside is not { } inside)
        {
            if (expectation.OnSentry)
                draft.Saw("gVisor has no devices but its own");
            else if (evidence.Outside?.Cgroup.Devices is null)
                draft.Unseen("the devices", "the rules are a program of the kernel's; verify without a name launches a probe");
            return;
        }
        IReadOnlyList<string[]> found = inside.All("device");
        if (found.Count == 0)
            draft.Unseen("the devices", evidence.End);
        var nodes = new List<string>();
        var told = new HashSet<string>();
        foreach (string[] device in found)
        {
            if (device is not [var path, "c" or "b", var number] || !told.Add(path))
                continue;
            bool given = expectation.Devices.Any(allowed => allowed.StartsWith($"{device[1]} {number} ", StringComparison.Ordinal));
            bool known = given || (device[1] == "c" && IsExpected(number));
            // Masks are /dev/null, and have their own finding.
            if (!known || path.StartsWith("/dev/", StringComparison.Ordinal))
                nodes.Add($"{path} {device[1]} {number}");
            if (!known && expectation.OnSentry)
                draft.Differs($"gVisor has a {path} of its own, which leads to none of the host's");
            else if (!known)
                draft.Short($"{path} is there: {device[1]} {number}");
        }
        draft.Saw($"there: {string.Join(", ", nodes)}");
        if (inside.Word("devices") is { } incomplete)
            draft.Unseen("the devices of the whole root filesystem", incomplete);
        Denied(expectation, inside, draft);
    }

    private static bool IsExpected(string number) => Expected.Contains(number) || number.StartsWith(PseudoTerminals, StringComparison.Ordinal);

    // "c 1:3 rwm" (Documentation/admin-guide/cgroup-v1/devices.rst); "a" is all of them. Creating a device file gives no access by itself.
    private static void Rules(Expectation expectation, IReadOnlyList<string> rules, FindingDraft draft)
    {
        foreach (string rule in rules)
        {
            if (rule.Split(' ') is not [var type, var number, var access] || access.AsSpan().IndexOfAny('r', 'w') < 0)
                continue;
            if (expectation.OnSentry && type == "a")
                draft.Differs("the host's device controller does not bind the sandbox's own process; what runs in it has no devices but gVisor's");
            else if (type == "a")
                draft.Short("the device controller allows every device");
            else if (!expectation.OnSentry && !(type == "c" && (IsExpected(number) || number == Tunnel)) && !expectation.Devices.Contains(rule))
                draft.Short($"the device controller allows {rule}");
        }
    }

    private static void Denied(Expectation expectation, ProbeReport inside, FindingDraft draft)
    {
        if (inside.First("denied_device") is not [var step, var outcome])
            return;
        draft.Saw($"a device that is denied (c 10:229): {step} gives {outcome}");
        // Creating a device file is controlled by a capability; opening it by the controller.
        bool given = expectation.Devices.Any(allowed => allowed.StartsWith("c 10:229 ", StringComparison.Ordinal));
        if (step == "open" && outcome != "EPERM" && !given && !expectation.OnSentry && expectation.Controllers.Contains("devices"))
            draft.Short($"a device that is denied (c 10:229) is not refused: open gives {outcome}");
    }
}
