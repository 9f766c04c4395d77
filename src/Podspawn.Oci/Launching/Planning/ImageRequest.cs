using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Images.References;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>The image that a container is to run from.</summary>
/// <param name="Source">The image.</param>
/// <param name="Pull">Whether the source is asked for it.</param>
/// <param name="Fetch">How it is fetched.</param>
/// <param name="StoreRoot">The store's directory; null for the default one.</param>
public sealed record ImageRequest(ImageSource Source, PullPolicy Pull, FetchOptions Fetch, string? StoreRoot)
{
    /// <summary>Hears how a fetch goes on.</summary>
    public IFetchWatcher Watcher { get; init; } = new SilentWatcher();
}
