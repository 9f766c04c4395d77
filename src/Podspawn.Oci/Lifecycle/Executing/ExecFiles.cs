using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;

namespace Podspawn.Oci.Lifecycle.Executing;

/// <summary>The files of one additional process in a container: they have their own directory, which is removed with the container's run at the latest.</summary>
internal sealed class ExecFiles : IDisposable
{
    private const int NameLength = 12;
    private readonly string directory;
    private readonly SafeFileHandle handle;

    private ExecFiles(string directory, SafeFileHandle handle)
    {
        this.directory = directory;
        this.handle = handle;
    }

    internal string Process => $"{directory}/process.json";

    internal string PidFile => $"{directory}/pid";

    internal string InsidePidFile => $"{directory}/pid.inside";

    internal string Log => $"{directory}/log";

    /// <summary>The path goes through one of our descriptors: the directory's own path is too long for a socket (unix(7)).</summary>
    internal string ConsoleSocket => $"{EntryCalls.PathInProcess(handle)}/console";

    /// <summary>Creates the directory.</summary>
    /// <exception cref="ContainerException">The container is gone, or the disk is full.</exception>
    internal static ExecFiles Make(Container container)
    {
        string directory = $"{container.Paths.Execs}/{Guid.NewGuid().ToString("N")[..NameLength]}";
        // Parents are never created: that would bring the container's directory back after its removal.
        if (PathCalls.Mkdir(directory, FileModes.OwnersDirectory) != 0)
        {
            _ = PathCalls.Mkdir(container.Paths.Execs, FileModes.OwnersDirectory);
            if (PathCalls.Mkdir(directory, FileModes.OwnersDirectory) != 0)
                throw Failed(container, directory, Marshal.GetLastPInvokeError());
        }
        Faults.Point("exec.directory");
        if (PathCalls.Open(directory, PathCalls.O_PATH | PathCalls.O_DIRECTORY, out int errno) is { } opened)
            return new ExecFiles(directory, opened);
        TreeRemoval.Remove(directory);
        throw Failed(container, directory, errno);
    }

    /// <summary>Mounts a separate null device for this command over /dev/null in the calling thread's mount namespace.</summary>
    internal void CoverNullDevice()
    {
        string mount = $"{directory}/dev";
        Directory.CreateDirectory(mount);
        NullDevice.CoverPath(mount);
        // The mount over /dev/null stays; the directory can be removed.
        _ = MountCalls.Umount(mount, MountCalls.MNT_DETACH);
    }

    public void Dispose()
    {
        handle.Dispose();
        TreeRemoval.Remove(directory);
    }

    private static ContainerException Failed(Container container, string directory, int errno) => errno == Errno.ENOENT
        ? LifecycleErrors.NotRunning(container.Name)
        : new ContainerException($"{directory}: {Errno.Text(errno)}; make its filesystem writable, with room to spare");
}
