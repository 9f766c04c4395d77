using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Lifecycle;

namespace Podspawn.Oci.Cli.Inspecting;

/// <summary>What a container has written, on disk.</summary>
internal static class ContainerSize
{
    /// <summary>Bytes in the layer that takes its writes; 0 where it has none.</summary>
    internal static long OfLayer(Container container) => 
        Directory.Exists($"{container.Paths.Scratch}/upper") ? DiskUse.Of($"{container.Paths.Scratch}/upper") : 0;
}
