using Podspawn.Oci.Native;

namespace Podspawn.Oci.State;

/// <summary>
/// The mark in the environment of a process that works for a container in our name: it names the store and the container. It is only a hint, since
/// any process may set the same: <see cref="MarkedProcesses"/> decides whose processes are ended for it.
/// </summary>
internal static class ProcessMark
{
    internal static string Of(ContainerPaths paths) => $"{paths.Store}:{paths.Directory}";

    /// <summary>The container that a mark names; null for a mark of another store, or for an invalid one.</summary>
    internal static ContainerPaths? Read(string mark, StateLayout layout)
    {
        string id = mark[(mark.LastIndexOf('/') + 1)..];
        return ContainerId.IsValid(id) && layout.Of(id) is var paths && Of(paths) == mark ? paths : null;
    }
}
