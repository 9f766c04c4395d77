using System.Globalization;
using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Host.Probing;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Native;
using Podspawn.Oci.Networks.Tools;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Cleanup;

namespace Podspawn.Oci.Diagnosis;

/// <summary>Reports what this host has and lacks. Only reads; starts nothing but runtimes, for their version and features, and <c>dpkg-query</c>.</summary>
public static class Doctor
{
    private static readonly Version Openat2Kernel = new(5, 6);

    /// <summary>Examines the host.</summary>
    public static IReadOnlyList<Examination> Examine(ISignalSource? signals)
    {
        HostFacts host = HostProbe.Read();
        return [Privileges(host), Kernel(host), .. RuntimeExaminations.Of(host, MostUserNamespaces(), signals), Cgroups(host), .. Controllers(host), Overlay(), .. ImageTools(),
            .. LifeTools(), Networks(), Seccomp(host), Lsm(), UserNamespaces(), Store(StateLayout.Default)];
    }

    /// <summary>Whether the main task, launching a hardened container, can work.</summary>
    public static bool CanLaunch(IReadOnlyList<Examination> examinations) => examinations.All(examination => examination.Health != Health.Broken);

    private static Examination Privileges(HostFacts host)
    {
        if (ProcessCalls.EffectiveUser() != 0)
            return new("privileges", Health.Broken, "not root", "run podspawn-oci as root (sudo podspawn-oci ...)");
        if (!host.AvailableCapabilities.Contains(Capability.SysAdmin))
            return new("privileges", Health.Broken, "root without CAP_SYS_ADMIN", "give it CAP_SYS_ADMIN: mounts and namespaces need it");
        CapabilitySet missing = host.KernelCapabilities - host.AvailableCapabilities;
        return missing == CapabilitySet.Empty
            ? new("privileges", Health.Good, "root with every capability")
            : new("privileges", Health.Good, $"root without {string.Join(", ", missing.Members().Select(CapabilityNames.ShortName))}: containers cannot have them either");
    }

    private static Examination Kernel(HostFacts host) => host.Kernel >= Openat2Kernel
        ? new("kernel", Health.Good, host.Kernel.ToString())
        : new("kernel", Health.Broken, host.Kernel.ToString(), "use kernel 5.6 or newer: openat2(2) keeps us inside hostile root filesystems");

    private static IEnumerable<Examination> ImageTools()
    {
        foreach ((string tool, string what) in new[] { ("skopeo", "fetches images"), ("umoci", "unpacks images") })
        {
            yield return HostProgram.Find(tool) is { } program
                ? new(tool, Health.Good, program)
                : new(tool, Health.Limited, $"{HostProgram.WhyNot(tool)}: it {what}", $"apt-get install {tool}; {Setting.Rootfs} and {Setting.Bundle} work without");
        }
    }

    private static IEnumerable<Examination> LifeTools()
    {
        yield return HostProgram.Find("conmon") is { } conmon
            ? new("conmon", Health.Good, conmon)
            : new("conmon", Health.Limited, $"{HostProgram.WhyNot("conmon")}: nothing else watches a detached container",
            "apt-get install conmon; run in the foreground works without");
        yield return InitBinary.Find() is { } init
            ? new("init", Health.Good, init)
            : new("init", Health.Limited, $"not installed: {Setting.Init} has none", "apt-get install catatonit");
    }

    private static Examination Networks()
    {
        string[] missing = [.. HostTool.Programs.Where(program => HostProgram.Find(program.Name) is null).Select(program => program.Package)];
        return missing.Length == 0
            ? new("networks", Health.Good, string.Join(", ", HostTool.Programs.Select(program => program.Name)))
            : new("networks", Health.Limited, $"{string.Join(", ", missing)}: not installed, or not to be trusted",
            $"apt-get install {string.Join(' ', missing)}; {Setting.Network} none and host work without");
    }

    private static Examination Cgroups(HostFacts host) => host.CgroupLayout switch
    {
        CgroupLayout.Unified => new("cgroup layout", Health.Good, "version 2"),
        CgroupLayout.Hybrid => new("cgroup layout", Health.Good, "hybrid: version 1 controllers, version 2 at /sys/fs/cgroup/unified"),
        CgroupLayout.V1 => new("cgroup layout", Health.Good, "version 1"),
        _ => new("cgroup layout", Health.Broken, "nothing is mounted at /sys/fs/cgroup", "mount -t cgroup2 cgroup2 /sys/fs/cgroup"),
    };

    private static IEnumerable<Examination> Controllers(HostFacts host)
    {
        foreach ((string controller, string key) in new[] { ("pids", "pids_limit"), ("memory", "memory"), ("cpu", "cpus"), ("devices", "") })
        {
            if (host.CgroupControllers.Contains(controller))
                yield return new($"{controller} controller", Health.Good, "present");
            else if (key.Length > 0)
                yield return new($"{controller} controller", Health.Limited, "missing",
                    $"enable it (kernel configuration, or cgroup.subtree_control), or launch with {Setting.AllowUnenforced} {key}");
            else
                yield return new($"{controller} controller", Health.Limited, "missing", "enable it in the kernel configuration: without it device nodes are not filtered");
        }
        if (!host.SwapAccounting)
            yield return new("swap accounting", Health.Limited, "missing: a memory limit does not count swap", "boot with swapaccount=1 where the host has swap");
    }

    private static Examination Overlay() => (SmallFile.Read("/proc/filesystems") ?? "").Contains("\toverlay\n", StringComparison.Ordinal)
        ? new("overlayfs", Health.Good, "present")
        : HostProgram.Find("fuse-overlayfs") is { } fuse
            ? new("overlayfs", Health.Limited, $"missing; {fuse} stands in for it", "modprobe overlay")
            : new("overlayfs", Health.Limited, "missing: root filesystems are copied for each launch", "modprobe overlay, or apt-get install fuse-overlayfs");

    private static Examination Seccomp(HostFacts host) => host.SeccompFilter
        ? new("seccomp filters", Health.Good, "present")
        : new("seccomp filters", Health.Limited, "missing", $"use a kernel with CONFIG_SECCOMP_FILTER, or launch with {Setting.AllowUnenforced} seccomp");

    // Shown only: none of our profiles depends on one.
    private static Examination Lsm()
    {
        string modules = SmallFile.Read("/sys/kernel/security/lsm")?.Trim() ?? "";
        return new("security modules", Health.Good, modules.Length > 0 ? modules : "none that can be seen");
    }

    private static long MostUserNamespaces() =>
        long.TryParse(SmallFile.Read("/proc/sys/user/max_user_namespaces")?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long most) ? most : 0;

    private static Examination UserNamespaces()
    {
        long most = MostUserNamespaces();
        return most == 0
            ? new("user namespaces", Health.Limited, "switched off", "sysctl user.max_user_namespaces=15000; containers run as root do not need them")
            : new("user namespaces", Health.Good, $"up to {most}");
    }

    private static Examination Store(StateLayout layout)
    {
        try
        {
            int others = OrphanLayers.LeftAlone(layout).Count();
            string store = layout.Identity is { } identity ? $"{layout.RunDirectory} is store {identity.Store}" : $"{layout.RunDirectory} has none of this boot yet";
            return others == 0
                ? new("container store", Health.Good, store)
                : new("container store", Health.Limited, $"{store}; {others} in {layout.AllScratches} may be other stores' and are left alone",
                $"{Operation.Collect} {Setting.DryRun} lists them; remove by hand what is gone for good");
        }
        catch (ForeignStoreException e)
        {
            return new("container store", Health.Limited, e.Message, "see there");
        }
    }
}
