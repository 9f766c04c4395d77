using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>Another container that a launch names: by its name, its id, or an unambiguous beginning of the id.</summary>
internal static class NamedContainer
{
    /// <summary>Finds it; null where there is none.</summary>
    /// <param name="setting">The setting that names it.</param>
    /// <param name="text">The name.</param>
    /// <param name="layout">The store.</param>
    /// <exception cref="ContainerException">Several ids begin so.</exception>
    internal static ContainerDefinition? Find(Setting setting, string text, StateLayout layout)
    {
        if (!ContainerId.IsValid(text))
            return null;
        if (SmallFile.Read($"{layout.Names}/{text}") is { } id && ContainerId.IsValid(id) && Read(id, layout) is { } named && named.Name == text)
            return named;
        if (Read(text, layout) is { } exact)
            return exact;
        string[] fitting = Directory.Exists(layout.Containers)
            ? [.. Directory.EnumerateDirectories(layout.Containers, $"{text}*").Select(path => Path.GetFileName(path)).Where(name => name.Length == ContainerId.KeptLength)]
            : [];
        return fitting switch
        {
            [] => null,
            [string one] => Read(one, layout),
            _ => throw new ContainerException($"{setting}: {fitting.Length} ids begin with '{Printable.Clean(text, 80)}'; give more digits"),
        };
    }

    /// <summary>Finds one that stays when its command has ended.</summary>
    /// <inheritdoc cref="Find" path="/param"/>
    /// <exception cref="ContainerException">There is none, several ids begin so, or it goes with the command that launched it.</exception>
    internal static ContainerDefinition RequireKept(Setting setting, string text, StateLayout layout)
    {
        ContainerDefinition found = Find(setting, text, layout)
            ?? throw new ContainerException($"{setting}: there is no container {Printable.Quote(text)}; {Operation.List} {Setting.All} lists those that there are");
        return found.Foreground
            ? throw new ContainerException($"{setting}: container '{found.Name}' goes with the command that launched it; launch it with {Setting.Detach}")
            : found;
    }

    private static ContainerDefinition? Read(string id, StateLayout layout) => RecordJson.ReadDefinition(layout.Of(id).Definition);
}
