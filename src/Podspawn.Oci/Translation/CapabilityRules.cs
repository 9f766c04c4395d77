using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>Translates <c>cap_drop</c> and <c>cap_add</c> to <c>process.capabilities</c>.</summary>
internal static class CapabilityRules
{
    public static CapabilitySet Resolve(SecurityConfig security, HostFacts host, Diagnostics diagnostics)
    {
        CapabilityResolution resolution = CapabilityRule.Resolve(
            security.CapAdd, security.CapDrop, host.AvailableCapabilities, host.KernelCapabilities);
        foreach (CapabilityProblem problem in resolution.Problems)
            diagnostics.Refuse(Keys.Element(problem.List == CapabilityRule.AddList ? Keys.CapAdd : Keys.CapDrop, problem.Index), problem.What, problem.Hint);
        if (resolution.StartsFromDockerDefault && security.CapDrop.Count == 0)
            diagnostics.Inform(Keys.CapDrop, $"nothing is dropped, so docker's default capabilities stay: {Names(CapabilityRule.DockerDefault)}");
        return resolution.Set;
    }

    /// <summary>Restricts the set to a bundle's ceiling: the bundle never widens the config, and the config never widens the bundle.</summary>
    public static CapabilitySet Restrict(CapabilitySet set, CapabilitySet? ceiling, Diagnostics diagnostics)
    {
        if (ceiling is not { } limit || limit.IsSupersetOf(set))
            return set;
        diagnostics.Differs(Keys.CapAdd, $"the bundle's own config.json does not ask for {Names(set - limit)}: left out");
        return set & limit;
    }

    /// <summary>Adapts the set to the runtime: it gets no name that it does not know, and the user is told what is left out.</summary>
    public static CapabilitySet ForRuntime(CapabilitySet set, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        CapabilitySet unknown = set - runtime.KnownCapabilities;
        if (unknown.Count > 0)
            diagnostics.Differs(Keys.CapAdd, $"{runtime.Name} {runtime.Version} does not know {Names(unknown)}: left out");
        if (!runtime.LowPortsNeedCapability && !set.Contains(Capability.NetBindService))
            diagnostics.Differs(Keys.CapDrop, $"{runtime.Name} lets every process bind ports below 1024, with or without NET_BIND_SERVICE");
        if (!runtime.DeviceNodesNeedCapability && !set.Contains(Capability.Mknod))
            diagnostics.Differs(Keys.CapDrop, $"{runtime.Name} {runtime.Version} lets root make device nodes, with or without MKNOD; none leads to a device of the host's");
        if (set.Contains(Capability.LinuxImmutable) && runtime.Kernel != SystemCallHandler.Sentry)
            diagnostics.Warn(Keys.CapAdd, $"LINUX_IMMUTABLE lets the container make files that not even root can change or remove: it goes with the container's layer, and has " +
                $"to be undone by hand (chattr -ia) on volumes and with {Setting.RootfsWritable}");
        return set & runtime.KnownCapabilities;
    }

    /// <summary>
    /// Inheritable and ambient stay empty for every user: a filled inheritable set lets a program with inheritable file capabilities regain
    /// them (CVE-2022-24769).
    /// </summary>
    public static ProcessCapabilities ToSpec(CapabilitySet set, ProcessUser user, RuntimeTraits runtime)
    {
        List<string> names = new(set.Count);
        foreach (Capability capability in set.Members())
            names.Add(CapabilityNames.SpecName(capability));
        // For a runtime that does not do it, this removes what the kernel would take from such a user.
        return user.Uid != 0 && runtime.OtherUsersKeepCapabilities
            ? new ProcessCapabilities { Bounding = names }
            : new ProcessCapabilities { Bounding = names, Effective = names, Permitted = names };
    }

    private static string Names(CapabilitySet set)
    {
        List<string> names = new(set.Count);
        foreach (Capability capability in set.Members())
            names.Add(CapabilityNames.ShortName(capability));
        return string.Join(' ', names);
    }
}
