using Podspawn.Oci.Errors;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>Reads podman's <c>--requires NAME,...</c>: the containers that run before this one does.</summary>
internal static class RequiredContainers
{
    /// <summary>Finds them, each once.</summary>
    /// <exception cref="ContainerException">There is no such container, or it cannot be started before this one.</exception>
    internal static IReadOnlyList<OtherContainer> Read(LaunchOptions options, StateLayout layout) =>
        [.. options.Requires.Select(name => Find(name, options, layout)).DistinctBy(other => other.Id)];

    private static OtherContainer Find(string name, LaunchOptions options, StateLayout layout)
    {
        ContainerDefinition found = NamedContainer.RequireKept(Setting.Requires, name, layout);
        if (options.Replace && found.Name == options.Name)
            throw new ContainerException($"{Setting.Requires}: container '{found.Name}' is the one that {Setting.Replace} removes; leave one of the two away");
        return new OtherContainer(found.Id, found.Name);
    }
}
