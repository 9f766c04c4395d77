using System.Text.Json;
using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>The namespaces that a launch shares, as typed.</summary>
public sealed record NamespaceOptions
{
    /// <summary><c>--ipc</c>.</summary>
    public IpcMode Ipc { get; init; }

    /// <summary><c>--ipc container:NAME</c>: the container; null for none.</summary>
    public string? IpcContainer { get; init; }

    /// <summary><c>--pid container:NAME</c>: the container; null for none.</summary>
    public string? PidContainer { get; init; }

    /// <summary>Finds the containers, and requires that each lets itself be joined. Whether it runs is seen at the start.</summary>
    /// <exception cref="ContainerException">There is no such container, or it is none that can be joined.</exception>
    internal SharedNamespaces Read(StateLayout layout)
    {
        if (Ipc == IpcMode.Private && IpcContainer is null && PidContainer is null)
            return SharedNamespaces.None;
        ContainerDefinition? ipc = IpcContainer is null ? null : Find(Setting.Ipc, IpcContainer, layout);
        if (ipc is not null && ipc.Namespaces.Ipc != IpcMode.Shareable)
            throw new ContainerException(
                $"{Setting.Ipc}: joining the namespace of container '{ipc.Name}' is not allowed: non-shareable IPC (hint: use IpcMode:shareable for the donor container)");
        ContainerDefinition? pid = PidContainer is null ? null : Find(Setting.Pid, PidContainer, layout);
        if (pid is not null && MayTrace(layout.Of(pid.Id)))
        {
            throw new ContainerException(
                $"{Setting.Pid}: container '{pid.Name}' has CAP_SYS_PTRACE: it could look into the runtime that prepares another, and so into the host; create it without");
        }
        return new SharedNamespaces { Ipc = Ipc, IpcOf = Other(ipc), PidOf = Other(pid) };
    }

    /// <summary>Finds a container whose network is to be joined.</summary>
    /// <exception cref="ContainerException">There is none, or its network cannot be joined.</exception>
    internal static OtherContainer OfNetwork(string text, StateLayout layout)
    {
        ContainerDefinition found = Find(Setting.Network, text, layout);
        return found.Network == NetworkMode.Host
            ? throw new ContainerException($"{Setting.Network}: container '{found.Name}' has the host's network; write {Setting.Network} host, if that is meant")
            : new OtherContainer(found.Id, found.Name);
    }

    private static OtherContainer? Other(ContainerDefinition? definition) => definition is null ? null : new OtherContainer(definition.Id, definition.Name);

    private static ContainerDefinition Find(Setting setting, string text, StateLayout layout)
    {
        ContainerDefinition found = NamedContainer.RequireKept(setting, text, layout);
        return RecordedRuntime.DriverOf(found).Traits.Kernel == SystemCallHandler.Host ? found
            : throw new ContainerException($"{setting}: container '{found.Name}' runs under gvisor, whose namespaces are in its own kernel; use another runtime for both");
    }

    private static bool MayTrace(ContainerPaths paths)
    {
        try
        {
            return SpecJson.Deserialize(File.ReadAllBytes(paths.Config)).Process.Capabilities?.Bounding.Contains(CapabilityNames.SpecName(Capability.SysPtrace)) == true;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw new ContainerException($"{Setting.Pid}: {paths.Config}: cannot be read: {e.Message}; create the container anew");
        }
    }
}
