using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Output;

/// <summary>A container of a list.</summary>
/// <param name="Container">The container.</param>
/// <param name="Size">Its size; null where it was not measured.</param>
internal sealed record ContainerRow(Container Container, ContainerSize? Size);

/// <summary>A container's use of the disk, in bytes.</summary>
/// <param name="Layer">What it has written.</param>
/// <param name="Virtual">The same with the root below.</param>
internal sealed record ContainerSize(long Layer, long Virtual)
{
    /// <summary>As docker and podman write it.</summary>
    public override string ToString() => $"{ByteSize.Format(Layer)} (virtual {ByteSize.Format(Virtual)})";
}

/// <summary>Measures containers; a root that several share is measured once.</summary>
internal sealed class ContainerSizes
{
    private readonly Dictionary<string, long> roots = [];

    internal ContainerSize Of(Container container)
    {
        string root = container.Definition.RootDirectory;
        if (!roots.TryGetValue(root, out long below))
            roots[root] = below = DiskUse.Of(root);
        long layer = OfLayer(container);
        return new ContainerSize(layer, layer + below);
    }

    /// <summary>What a container has written, in bytes; one that writes to its root has no layer.</summary>
    internal static long OfLayer(Container container) => $"{container.Paths.Scratch}/upper" is var upper && Directory.Exists(upper) ? DiskUse.Of(upper) : 0;
}

/// <summary>The orders of <c>ps --sort</c>, by podman's words.</summary>
internal static class ContainerOrder
{
    internal const string Size = "size";

    private static readonly Dictionary<string, Comparison<ContainerRow>> Orders = new()
    {
        ["command"] = By(container => string.Join(' ', container.Definition.Command)),
        ["created"] = (one, other) => one.Container.Definition.Created.CompareTo(other.Container.Definition.Created),
        ["id"] = By(container => container.Id),
        ["image"] = By(container => container.Definition.Origin),
        ["names"] = By(container => container.Name),
        // Who runs longest comes last; who does not run has begun last.
        ["runningfor"] = (one, other) => Nullable.Compare(other.Container.State.Started, one.Container.State.Started),
        ["runtime"] = By(container => container.Definition.Runtime.Name),
        [Size] = (one, other) => Nullable.Compare(one.Size?.Layer, other.Size?.Layer),
        ["status"] = By(StatusWords.Of),
    };

    internal static IEnumerable<string> Keys => Orders.Keys;

    /// <summary>The order of that name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    internal static Comparison<ContainerRow> Parse(string text) => Orders.GetValueOrDefault(text)
        ?? throw new UsageException($"--sort: '{Printable.Clean(text)}' is no column to sort by; {Suggestion.DidYouMean(text, Keys) ?? $"use one of {string.Join(", ", Keys)}"}");

    private static Comparison<ContainerRow> By(Func<Container, string> key) => (one, other) => string.CompareOrdinal(key(one.Container), key(other.Container));
}
