using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.Launching;

/// <summary>Takes part in a foreground run, for whoever wants to know more of a container than its exit status.</summary>
internal interface ILaunchHooks
{
    /// <summary>What will be launched; nothing is made yet, and the calling thread is still in the host's mount namespace.</summary>
    void Planned(LaunchPlan plan, TranslationResult translation)
    {
    }

    /// <summary>The container's directories are made and its root is mounted; the runtime comes next. In the container's own mount namespace.</summary>
    void Prepare(ContainerPaths paths)
    {
    }

    /// <summary>The last thing before the runtime is called, which inherits our standard streams.</summary>
    /// <param name="paths">The container's paths.</param>
    /// <param name="definition">What the container is made to be.</param>
    /// <param name="kill">Ends the container's process by SIGKILL; on any thread, while the runtime knows the container.</param>
    void Begin(ContainerPaths paths, ContainerDefinition definition, Action kill);

    /// <summary>The container has ended or never began; its directories and cgroup are still there. Called in any case.</summary>
    void End(ContainerPaths paths)
    {
    }
}
