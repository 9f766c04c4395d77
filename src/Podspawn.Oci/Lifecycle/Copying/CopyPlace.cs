using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>One side of a copy, as it was typed.</summary>
/// <param name="Container">The container; null for the host.</param>
/// <param name="Path">The path there; <c>-</c> on the host is an archive on a standard stream.</param>
internal sealed record CopyPlace(string? Container, string Path)
{
    internal bool IsStream => Container is null && Path == "-";

    /// <summary>The same place with an absolute path, where it is a path of the host that is relative to a directory.</summary>
    internal CopyPlace From(string directory) => Container is not null || IsStream || Path.StartsWith('/') ? this : this with { Path = $"{directory}/{Path}" };

    /// <summary>Parses <c>CONTAINER:PATH</c>, or a path of the host; a host path with a colon must begin with <c>/</c> or <c>.</c>, as with docker.</summary>
    /// <exception cref="ContainerException">The text has no path.</exception>
    internal static CopyPlace Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        CopyPlace place = colon <= 0 || text[0] is '/' or '.' ? new CopyPlace(null, text) : new CopyPlace(text[..colon], text[(colon + 1)..]);
        return place.Path.Length > 0 && !place.Path.Contains('\0')
            ? place
            : throw LifecycleErrors.Of(place.Container is null ? "a path of the host is empty; name a file or a directory"
            : $"{text}: no path follows the colon; write {text}/ for all of it");
    }
}
