using Podspawn.Oci.Launching;
using Podspawn.Oci.Launching.Invocation;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Spec;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Lifecycle;

/// <summary>
/// Tells when a started container's process has become the command. The runtime's <c>start</c> returns a moment before execve(2), so it does not
/// report whether that succeeds.
/// </summary>
internal static class CommandBegin
{
    /// <summary>Waits until the process is the command. Runs in the mount namespace that has the container's root.</summary>
    /// <exception cref="RuntimeException">The process has ended without becoming the command.</exception>
    internal static void Await(Container container, ProcessIdentity process, ProcessIdentity monitor)
    {
        if (!container.Driver.Traits.LeavesContainerProcess || PreparingProcess.AwaitCommand(process))
            return;
        // A quick command may have come and gone. A process that never became the command ends with 1, or 255 from runc 1.2 on, but so may a command.
        if (ExitRecord.Await(container.Paths, monitor).Status is not (1 or 255))
            return;
        RuntimeSpec spec = SpecJson.Deserialize(File.ReadAllBytes(container.Paths.Config));
        using RootFilesystem root = RootFilesystem.Open(spec.Root.Path);
        IReadOnlyList<VolumeMount> volumes = [.. spec.Mounts.Where(mount => mount.Type == "bind").Select(mount => new VolumeMount(mount.Source!, mount.Destination))];
        if (ExecDiagnosis.WhyRefused(root, spec.Process.Args[0], spec.Process.Cwd, spec.Process.Env ?? [], volumes) is { } refusal)
            throw BeginFailure.OfCommand(container.Driver, spec.Process.Args[0], refusal.Reason, refusal.NotFound);
    }
}
