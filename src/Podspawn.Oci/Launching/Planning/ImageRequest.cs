using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Images.References;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>The image that a container runs from.</summary>
/// <param name="Source">The image.</param>
/// <param name="Pull">When the image is fetched from its source.</param>
/// <param name="Fetch">How the image is fetched.</param>
/// <param name="StoreRoot">The store's directory; null for the default one.</param>
public sealed record ImageRequest(ImageSource Source, PullPolicy Pull, FetchOptions Fetch, string? StoreRoot)
{
    /// <summary>Receives the progress of a fetch.</summary>
    public IFetchWatcher Watcher { get; init; } = new SilentWatcher();
}
