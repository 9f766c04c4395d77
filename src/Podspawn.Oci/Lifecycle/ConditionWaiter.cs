using Podspawn.Oci.Errors;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Waits until a container is in a state, by looking at it again and again: nobody tells of states that are no end.</summary>
/// <param name="registry">The containers.</param>
/// <param name="id">The container's id.</param>
public sealed class ConditionWaiter(ContainerRegistry registry, string id)
{
    /// <summary>Waits for it.</summary>
    /// <param name="wanted">The state.</param>
    /// <param name="pause">The time between two looks.</param>
    /// <returns>The exit status where the container has ended; null in another state, or where its removal was waited for.</returns>
    /// <exception cref="ContainerException">The container was removed, and that was not waited for.</exception>
    public int? Await(WaitCondition wanted, TimeSpan pause)
    {
        while (registry.TryFindById(id) is { } now)
        {
            if (wanted.Holds(now))
                return now.State.Status == ContainerStatus.Exited ? now.State.ExitStatus : null;
            Thread.Sleep(pause);
        }
        return wanted.IsRemoval ? null : throw LifecycleErrors.Of($"container '{Container.Short(id)}' was removed before it came to that");
    }
}
