namespace Podspawn.Oci.State.Events;

/// <summary>An event in the life of a container, or of a volume.</summary>
public sealed record ContainerEvent
{
    /// <summary>The type of a container's event.</summary>
    internal const string OfContainer = "container";

    /// <summary>The type of a volume's event, whose id is the volume's name.</summary>
    public const string OfVolume = "volume";

    /// <summary>The time of the event.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The type of the object: <c>container</c> or <c>volume</c>.</summary>
    public string Type { get; init; } = OfContainer;

    /// <summary>The event: <c>create</c>, <c>start</c>, <c>die</c> and so on.</summary>
    public required string Action { get; init; }

    /// <summary>The container's id, or the volume's name.</summary>
    public required string Id { get; init; }

    /// <summary>The object's name at that time.</summary>
    public required string Name { get; init; }

    /// <summary>The image, or the directory, that it runs from.</summary>
    public string? Image { get; init; }

    /// <summary>Details of the event: <c>exitCode</c>, <c>signal</c> and so on.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>The container's labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
