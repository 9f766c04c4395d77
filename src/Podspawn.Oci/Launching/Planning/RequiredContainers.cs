using Podspawn.Oci.Errors;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;
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
        ContainerDefinition found = NamedContainer.Find(Setting.Requires, name, layout)
            ?? throw new ContainerException($"{Setting.Requires}: there is no container {Printable.Quote(name)}; {Operation.List} {Setting.All} lists those that there are");
        if (found.Foreground)
            throw new ContainerException($"{Setting.Requires}: container '{found.Name}' goes with the command that launched it; launch it with {Setting.Detach}");
        if (options.Replace && found.Name == options.Name)
            throw new ContainerException($"{Setting.Requires}: container '{found.Name}' is the one that {Setting.Replace} removes; leave one of the two away");
        return new OtherContainer(found.Id, found.Name);
    }
}
