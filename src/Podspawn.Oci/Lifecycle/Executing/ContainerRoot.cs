using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle.Executing;

/// <summary>The root of a running container: as its processes see it, or its layer alone where their mounts are inside a kernel of their own.</summary>
internal static class ContainerRoot
{
    /// <exception cref="ContainerException">The container has ended.</exception>
    internal static RootFilesystem Open(Container container)
    {
        bool seen = container.Driver.Traits.Kernel == SystemCallHandler.Host;
        ProcessIdentity process = (seen ? container.RequireProcess() : container.State.Monitor) ?? throw LifecycleErrors.NotRunning(container.Name);
        string path = seen ? "" : container.RootPath;
        int fd = PathCalls.Open($"/proc/{process.Pid}/root{path}", PathCalls.O_PATH | PathCalls.O_DIRECTORY | PathCalls.O_CLOEXEC);
        var directory = new SafeFileHandle(fd, ownsHandle: true);
        // Looked at only now: what was opened is of that very process if it lives.
        if (fd >= 0 && process.IsAlive())
            return RootFilesystem.OfProcess(directory);
        directory.Dispose();
        throw LifecycleErrors.NotRunning(container.Name);
    }
}
