using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle.Executing;

/// <summary>The root of a running container: as its processes see it, or only its layer where their mounts are inside their own kernel.</summary>
internal static class ContainerRoot
{
    /// <exception cref="ContainerException">The container has ended.</exception>
    internal static RootFilesystem Open(Container container)
    {
        bool seen = container.Driver.Traits.Kernel == SystemCallHandler.Host;
        ProcessIdentity process = (seen ? container.RequireProcess() : container.State.Monitor) ?? throw LifecycleErrors.NotRunning(container.Name);
        string path = seen ? "" : container.RootPath;
        SafeFileHandle? directory = PathCalls.Open($"/proc/{process.Pid}/root{path}", PathCalls.O_PATH | PathCalls.O_DIRECTORY, out _);
        // Checked only now: what was opened belongs to that very process if it still lives.
        if (directory is not null && process.IsAlive())
            return RootFilesystem.OfProcess(directory);
        directory?.Dispose();
        throw LifecycleErrors.NotRunning(container.Name);
    }
}
