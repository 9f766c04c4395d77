using Podspawn.Oci.Images.References;

namespace Podspawn.Oci.Lifecycle.Committing;

/// <summary>How to make an image of a container.</summary>
public sealed record CommitOptions
{
    /// <summary>The image's name; null for none.</summary>
    public ImageName? Name { get; init; }

    /// <summary>Who made it; null where the image that the container runs from tells.</summary>
    public string? Author { get; init; }

    /// <summary>The comment of the new layer.</summary>
    public string? Message { get; init; }

    /// <summary>Instructions of a Dockerfile that change how the image asks to be run.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>Whether a running container is paused meanwhile.</summary>
    public bool Pause { get; init; }

    /// <summary>Whether the paths of the mounts that its user asked for become volumes of the image; what is mounted there is left out all the same.</summary>
    public bool IncludeVolumes { get; init; }

    /// <summary>Receives a message for each entry that the image cannot have.</summary>
    public Action<string> Warn { get; init; } = _ => { };
}
