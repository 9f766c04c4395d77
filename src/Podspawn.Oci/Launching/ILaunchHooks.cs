using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.Launching;

/// <summary>Takes part in a foreground run, for a caller that wants to know more of a container than its exit status.</summary>
internal interface ILaunchHooks
{
    /// <summary>Called when the launch is planned: nothing is created yet, and the calling thread is still in the host's mount namespace.</summary>
    void Planned(LaunchPlan plan, TranslationResult translation)
    {
    }

    /// <summary>Called when the container's directories exist and its root is mounted; the runtime comes next. Runs in the container's own mount namespace.</summary>
    void Prepare(ContainerPaths paths)
    {
    }

    /// <summary>Called last before the runtime, which inherits our standard streams.</summary>
    /// <param name="paths">The container's paths.</param>
    /// <param name="definition">What the container is created from.</param>
    /// <param name="kill">Ends the container's process by SIGKILL; may be called on any thread, as long as the runtime knows the container.</param>
    void Begin(ContainerPaths paths, ContainerDefinition definition, Action kill);

    /// <summary>Called in any case, when the container has ended or never began; its directories and cgroup still exist.</summary>
    void End(ContainerPaths paths)
    {
    }
}
