using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Whether the policy of a container that has ended starts it again.</summary>
internal static class RestartRule
{
    /// <summary>Whether a process is about to do so: the monitor lives until the one that it has called for the end is done.</summary>
    internal static bool IsDue(LockedContainer held) => held.Now.RestartIsDue;

    /// <inheritdoc cref="IsDue(LockedContainer)"/>
    internal static bool IsDue(ContainerDefinition definition, ContainerState state) => Applies(definition, state) && state.Monitor?.IsAlive() == true;

    /// <summary>Whether the policy says so.</summary>
    internal static bool Applies(LockedContainer held) => Applies(held.Definition, held.State);

    /// <inheritdoc cref="Applies(LockedContainer)"/>
    internal static bool Applies(ContainerDefinition definition, ContainerState state)
    {
        RestartPolicy policy = definition.Lifecycle.Restart;
        if (state is not { Status: ContainerStatus.Exited, StopRequested: false })
            return false;
        return policy.Condition switch
        {
            RestartCondition.Always => true,
            RestartCondition.OnFailure => state.ExitStatus != 0 && (policy.MaximumRetries == 0 || state.Restarts < policy.MaximumRetries),
            _ => false,
        };
    }
}
