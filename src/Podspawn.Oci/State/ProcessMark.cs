using Podspawn.Oci.Native;

namespace Podspawn.Oci.State;

/// <summary>
/// What a process that works for a container in our name has in its environment: which store's container it is. A hint and no more, since anybody may
/// write the same: <see cref="MarkedProcesses"/> says whose process is ended for it.
/// </summary>
internal static class ProcessMark
{
    internal static string Of(ContainerPaths paths) => $"{paths.Store}:{paths.Directory}";

    /// <summary>The container that a mark is of; null for a mark of another store, or for none at all.</summary>
    internal static ContainerPaths? Read(string mark, StateLayout layout)
    {
        string id = mark[(mark.LastIndexOf('/') + 1)..];
        return ContainerId.IsValid(id) && layout.Of(id) is var paths && Of(paths) == mark ? paths : null;
    }
}
