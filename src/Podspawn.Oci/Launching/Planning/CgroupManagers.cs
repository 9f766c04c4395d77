using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>Chooses who makes a container's cgroup.</summary>
internal static class CgroupManagers
{
    /// <summary>What tells a runtime to leave it to systemd.</summary>
    internal const string RuntimeFlag = "--systemd-cgroup";

    /// <summary>The one that was asked for; else systemd where it can be had, as with podman.</summary>
    /// <exception cref="ContainerException">It was asked for, and cannot be had.</exception>
    internal static CgroupManager Choose(CgroupManager? asked, HostFacts host, RuntimeTraits runtime)
    {
        string? why = host.WhyNoSystemdCgroups ?? WhyNot(host, runtime);
        return asked switch
        {
            CgroupManager.Systemd when why is not null => throw new ContainerException($"{Setting.CgroupManager}: systemd cannot make cgroups: {why}; use cgroupfs, or leave the flag away"),
            { } manager => manager,
            null => why is null ? CgroupManager.Systemd : CgroupManager.Cgroupfs,
        };
    }

    private static string? WhyNot(HostFacts host, RuntimeTraits runtime)
    {
        if (!runtime.SystemdCgroups)
            return $"{runtime.Name} {runtime.Version} does not know how to ask for them";
        return runtime.SystemdCgroupsOnVersion1 || host.CgroupLayout == CgroupLayout.Unified ? null : $"{runtime.Name} can ask for them only with cgroup version 2";
    }

    /// <summary>Reads the flag.</summary>
    /// <exception cref="ContainerException">It names none.</exception>
    internal static CgroupManager? Parse(string? text) => text switch
    {
        null => null,
        "systemd" => CgroupManager.Systemd,
        "cgroupfs" => CgroupManager.Cgroupfs,
        _ => throw new ContainerException($"{Setting.CgroupManager}: '{text}' is none; use systemd or cgroupfs"),
    };
}
