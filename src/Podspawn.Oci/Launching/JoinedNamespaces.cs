using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Native;
using Podspawn.Oci.Networks;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching;

/// <summary>
/// Another container's namespaces, and the network namespace that was made for this one, mounted at paths of ours for the runtime to join. A path below
/// /proc would be another process's once the number is given anew; the mounts are only in the calling thread's mount namespace, and go with it.
/// </summary>
internal static class JoinedNamespaces
{
    private const string SharedMemory = "/dev/shm";

    /// <summary>Mounts what the container is to join; earlier mounts are replaced.</summary>
    /// <param name="definition">What the container is created from.</param>
    /// <param name="paths">The container's paths.</param>
    /// <param name="layout">Where the others are.</param>
    /// <param name="driver">The runtime.</param>
    /// <param name="networks">The network namespace that was made for it; null for none.</param>
    /// <exception cref="ContainerException">The other container does not run.</exception>
    internal static void Mount(ContainerDefinition definition, ContainerPaths paths, StateLayout layout, RuntimeDriver driver, ConnectedNetworks? networks)
    {
        SharedNamespaces asked = definition.Namespaces;
        if (!asked.Joins && networks is null && definition.NetworkPath is null)
            return;
        Unmount(paths);
        Directory.CreateDirectory(paths.Joined);
        SharedNamespaces shared = asked with { Directory = paths.Joined };
        if (networks is not null)
        {
            NetworkSpace.Mount(networks.Space, shared.NetworkPath);
            RuntimeInvoker.PrepareNetwork(driver, networks.Space);
        }
        if (asked.NetworkOf is { } network)
            WithProcess(Setting.Network, network, layout, process => MountNamespace("net", process, shared.NetworkPath));
        if (definition.NetworkPath is { } path)
            ForeignNetwork.Mount(path, shared.NetworkPath, driver);
        if (asked.PidOf is { } pid)
            WithProcess(Setting.Pid, pid, layout, process => MountNamespace("pid", process, shared.PidPath));
        if (asked.IpcOf is { } ipc)
            WithProcess(Setting.Ipc, ipc, layout, process => MountNamespace("ipc", process, shared.IpcPath) ?? MountMemory(process, shared.MemoryPath));
    }

    /// <summary>Unmounts and removes what is in the calling thread's mount namespace.</summary>
    internal static void Unmount(ContainerPaths paths)
    {
        if (!Directory.Exists(paths.Joined))
            return;
        var shared = new SharedNamespaces { Directory = paths.Joined };
        foreach (string place in new[] { shared.PidPath, shared.IpcPath, shared.MemoryPath, shared.NetworkPath })
            _ = MountCalls.Umount(place, MountCalls.MNT_DETACH);
        TreeRemoval.Remove(paths.Joined);
    }

    private static void WithProcess(Setting setting, OtherContainer other, StateLayout layout, Func<int, string?> mount)
    {
        ProcessIdentity? process = RecordJson.ReadState(layout.Of(other.Id).State)?.Process;
        using SafeFileHandle? pinned = process?.Open();
        if (pinned is null)
            throw new ContainerException($"{setting}: container '{other.Name}' does not run; start it first: {Operation.Start} {other.Name}");
        string? failure = mount(process!.Value.Pid);
        // Only now is it known that all was taken from this very process: with its end the number could have become another's.
        if (ProcessCalls.AwaitEnd(pinned, 0))
            throw new ContainerException($"{setting}: container '{other.Name}' ended meanwhile; start it again: {Operation.Start} {other.Name}");
        if (failure is not null)
            throw new ContainerException($"{setting}: the namespace of container '{other.Name}' cannot be joined: {failure}; restart that container");
    }

    // Opened first, and mounted through the descriptor.
    private static string? MountNamespace(string name, int process, string place)
    {
        using SafeFileHandle? space = PathCalls.Open($"/proc/{process}/ns/{name}", PathCalls.O_RDONLY, out int errno);
        if (space is null)
            return Errno.Text(errno);
        File.WriteAllBytes(place, []);
        return MountCalls.Mount(EntryCalls.PathOf(space), place, null, MountCalls.MS_BIND, null) == 0 ? null : Errno.Text(Marshal.GetLastPInvokeError());
    }

    private static string? MountMemory(int process, string place)
    {
        using SafeFileHandle? tree = TreeClone.In(process, SharedMemory, out int errno, writable: true);
        if (tree is null)
            return $"{SharedMemory}: {Errno.Text(errno)}";
        // Root inside, if it may mount, could have put files of the kernel's there: what this container must not change would be within its reach.
        if (FileSystemCalls.FileSystemType(tree) != FileSystemCalls.TMPFS_MAGIC)
            return $"{SharedMemory} is no tmpfs";
        Directory.CreateDirectory(place);
        errno = TreeClone.Attach(tree, place);
        return errno == 0 ? null : $"{SharedMemory}: {Errno.Text(errno)}";
    }
}
