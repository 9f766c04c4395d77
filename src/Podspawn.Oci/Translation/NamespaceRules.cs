using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Host;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>Whether a container may join another's namespaces, and what that opens.</summary>
internal static class NamespaceRules
{
    public static void Check(LaunchRequest request, CapabilitySet capabilities, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        SharedNamespaces shared = request.Namespaces;
        if (runtime.Kernel == SystemCallHandler.Sentry)
            CheckSentry(shared, diagnostics);
        if (shared.Ipc is IpcMode.None or IpcMode.Container && request.Resources.ShmSize is not null)
        {
            diagnostics.Refuse(
                LaunchKeys.ShmSize,
                shared.Ipc == IpcMode.None ? "there is no /dev/shm that could have a size" : "the shared memory is another container's, which has given it a size",
                "leave one of the two away");
        }
        if (shared.IpcOf is { } ipc)
            diagnostics.Inform(LaunchKeys.Ipc, $"it shares memory and queues with '{ipc.Name}': each reads and writes what the other has there");
        if (shared.PidOf is not { } pid)
            return;
        // The runtime is among the other container's processes while it prepares this one. That capability would let one look into it, and so into the host (ptrace(2)).
        if (capabilities.Contains(Capability.SysPtrace))
            diagnostics.Refuse(
                LaunchKeys.Pid, "with CAP_SYS_PTRACE it could look into the runtime that prepares a command in the other container, and so into the host",
                "leave the capability away, or trace from within the container itself");
        diagnostics.Warn(
            LaunchKeys.Pid,
            $"it and '{pid.Name}' see and, as the same user, signal each other's processes, and read each other's files through them: the weaker of the two bounds both");
    }

    private static void CheckSentry(SharedNamespaces shared, Diagnostics diagnostics)
    {
        const string Why = "gvisor has namespaces of its own, and joins none of another container's";
        const string Hint = "leave it away, or use another runtime for both";
        if (shared.IpcOf is not null)
            diagnostics.Refuse(LaunchKeys.Ipc, Why, Hint);
        if (shared.PidOf is not null)
            diagnostics.Refuse(LaunchKeys.Pid, Why, Hint);
        if (shared.Ipc == IpcMode.Shareable)
            diagnostics.Differs(LaunchKeys.Ipc, "gvisor's shared memory is in its own kernel, where no other container can join it");
        if (shared.Ipc == IpcMode.None)
            diagnostics.Differs(LaunchKeys.Ipc, "gvisor mounts a /dev/shm of its own all the same, in the container's own memory");
    }
}
