using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;

namespace Podspawn.Oci.Lifecycle.Executing;

/// <summary>The files of one process that is started in a container: a directory of its own, which goes with the container's run if not before.</summary>
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

    /// <summary>Named through a descriptor of ours: the directory's own path is too long for a socket (unix(7)).</summary>
    internal string ConsoleSocket => $"{EntryCalls.PathInProcess(handle)}/console";

    /// <summary>Makes the directory.</summary>
    /// <exception cref="ContainerException">The container is gone, or there is no room.</exception>
    internal static ExecFiles Make(Container container)
    {
        string directory = $"{container.Paths.Execs}/{Guid.NewGuid().ToString("N")[..NameLength]}";
        // Never with the parents: the container's directory would be there again after its removal.
        if (PathCalls.Mkdir(directory, FileModes.OwnersDirectory) != 0)
        {
            _ = PathCalls.Mkdir(container.Paths.Execs, FileModes.OwnersDirectory);
            if (PathCalls.Mkdir(directory, FileModes.OwnersDirectory) != 0)
                throw Failed(container, directory, Marshal.GetLastPInvokeError());
        }
        Faults.Point("exec.directory");
        int fd = PathCalls.Open(directory, PathCalls.O_PATH | PathCalls.O_DIRECTORY | PathCalls.O_CLOEXEC);
        if (fd >= 0)
            return new ExecFiles(directory, new SafeFileHandle(fd, ownsHandle: true));
        int errno = Marshal.GetLastPInvokeError();
        TreeRemoval.Remove(directory);
        throw Failed(container, directory, errno);
    }

    /// <summary>Puts a null device of this command's own over /dev/null in the calling thread's mount namespace.</summary>
    internal void CoverNullDevice()
    {
        string mount = $"{directory}/dev";
        Directory.CreateDirectory(mount);
        NullDevice.CoverPath(mount);
        // What lies over /dev/null stays; the directory can be removed.
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
