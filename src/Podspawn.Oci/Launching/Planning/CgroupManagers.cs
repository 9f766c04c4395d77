using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>Chooses the manager that creates a container's cgroup.</summary>
internal static class CgroupManagers
{
    /// <summary>The flag that makes a runtime leave the cgroup to systemd.</summary>
    internal const string RuntimeFlag = "--systemd-cgroup";

    /// <summary>The manager that was asked for; else systemd where it is available, as with podman.</summary>
    /// <exception cref="ContainerException">The manager that was asked for is not available.</exception>
    internal static CgroupManager Choose(CgroupManager? asked, HostFacts host, RuntimeTraits runtime)
    {
        string? why = host.WhyNoSystemdCgroups ?? WhyNot(host, runtime);
        return asked switch
        {
            CgroupManager.Systemd when why is not null =>
                throw new ContainerException($"{Setting.CgroupManager}: systemd cannot make cgroups: {why}; use cgroupfs, or leave the flag away"),
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

    /// <summary>Parses the flag's value.</summary>
    /// <exception cref="ContainerException">The value names no manager.</exception>
    internal static CgroupManager? Parse(string? text) => text switch
    {
        null => null,
        "systemd" => CgroupManager.Systemd,
        "cgroupfs" => CgroupManager.Cgroupfs,
        _ => throw new ContainerException($"{Setting.CgroupManager}: '{text}' is none; use systemd or cgroupfs"),
    };
}
