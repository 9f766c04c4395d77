using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>One side of a copy, as it was typed.</summary>
/// <param name="Container">The container; null for the host.</param>
/// <param name="Path">The path there; <c>-</c> on the host is an archive on a standard stream.</param>
internal sealed record CopyPlace(string? Container, string Path)
{
    internal bool IsStream => Container is null && Path == "-";

    /// <summary>The same with an absolute path, where it is one of the host's that starts from a directory.</summary>
    internal CopyPlace From(string directory) => Container is not null || IsStream || Path.StartsWith('/') ? this : this with { Path = $"{directory}/{Path}" };

    /// <summary>Reads <c>CONTAINER:PATH</c>, or a path of the host: one with a colon in it begins with <c>/</c> or <c>.</c> there, as with docker.</summary>
    /// <exception cref="ContainerException">There is no path.</exception>
    internal static CopyPlace Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        CopyPlace place = colon <= 0 || text[0] is '/' or '.' ? new CopyPlace(null, text) : new CopyPlace(text[..colon], text[(colon + 1)..]);
        return place.Path.Length > 0 && !place.Path.Contains('\0')
            ? place
            : throw LifecycleErrors.Of(place.Container is null ? "a path of the host is empty; name a file or a directory" : $"{text}: no path follows the colon; write {text}/ for all of it");
    }
}
