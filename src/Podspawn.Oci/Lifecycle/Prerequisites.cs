using Podspawn.Oci.Errors;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Starts the containers that another needs, and those that these need.</summary>
/// <param name="registry">The containers.</param>
/// <param name="start">Starts one, whose own are started by then.</param>
internal sealed class Prerequisites(ContainerRegistry registry, Action<Container> start)
{
    private readonly HashSet<string> begun = [];

    /// <summary>Starts those that do not run. No lock may be held: each is started under its own.</summary>
    /// <param name="id">The container that needs them.</param>
    /// <param name="required">What it needs, in order.</param>
    /// <exception cref="ContainerException">One is gone, cannot be started, or needs the first again.</exception>
    internal void StartAll(string id, IReadOnlyList<OtherContainer> required)
    {
        begun.Add(id);
        foreach (OtherContainer other in required)
        {
            Container found = registry.TryFindById(other.Id)
                ?? throw LifecycleErrors.Of($"{Setting.Requires}: container '{other.Name}' is gone; create this container anew, without it");
            if (found.HasProcess)
                continue;
            // A container can only need those that were there before it: a circle is in no record that we have written.
            if (begun.Contains(other.Id))
                throw LifecycleErrors.Of($"{Setting.Requires}: container '{other.Name}' needs itself, by others that it needs; create it anew, without one of them");
            StartAll(other.Id, found.Definition.Requires);
            start(found);
            begun.Remove(other.Id);
        }
    }
}
