using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching.Planning;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Gives the name of a container that is there to one that is launched in its place.</summary>
internal static class NameReplacement
{
    /// <summary>Checks what was asked for, before anything is done.</summary>
    /// <exception cref="ContainerException">There is no name.</exception>
    internal static void Check(LaunchOptions options)
    {
        if (options is { Replace: true, Name: null })
            throw new ContainerException($"{Setting.Replace}: no name, and so nothing to replace; give one with {Setting.ContainerName}");
    }

    /// <summary>Removes the container that has the name, running or not. Called when the launch is planned: what refuses it leaves the old container as it is.</summary>
    /// <exception cref="ContainerException">It does not end.</exception>
    internal static void Make(ContainerRegistry registry, LaunchOptions options)
    {
        // By its name alone: the beginning of another container's id is none.
        if (options is { Replace: true, Name: { } name } && registry.TryFindByName(name) is { } there)
            new ContainerStopper(registry).Remove(there, force: true);
    }
}
