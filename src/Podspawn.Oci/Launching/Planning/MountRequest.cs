using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>A mount as the user has asked for it: read, but nothing looked up on the host or in the root filesystem.</summary>
/// <param name="Asked">The setting that asks for it.</param>
/// <param name="Text">The text, for messages.</param>
internal sealed record MountRequest(Setting Asked, string Text)
{
    /// <summary>Where it goes, as written, without slashes that mean nothing.</summary>
    internal string Destination { get; init; } = "";

    /// <summary>The path of the host that is mounted; null for a volume or a tmpfs.</summary>
    internal string? HostPath { get; init; }

    /// <summary>The name of the volume that is mounted; null for an anonymous one, for a path of the host, and for a tmpfs.</summary>
    internal string? Volume { get; init; }

    /// <summary>The name of the image that is mounted; null for all others.</summary>
    internal string? Image { get; init; }

    /// <summary>The options of the tmpfs; null for a volume or a path of the host.</summary>
    internal string? Tmpfs { get; init; }

    /// <summary>The options.</summary>
    internal MountOptions Options { get; init; } = new();

    /// <summary>The labels of a volume that is made.</summary>
    internal IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether a volume is mounted.</summary>
    internal bool IsVolume => HostPath is null && Tmpfs is null && Image is null;

    /// <summary>An error about it.</summary>
    internal ContainerException Bad(string what, string hint) => new($"{Asked}: '{Printable(Text)}' {what}; {hint}");

    private static string Printable(string text) => Oci.Text.Printable.Clean(text, 400);
}
