namespace Podspawn.Oci.Volumes;

/// <summary>A volume: a directory of the store that outlives the containers which use it (<c>volume.json</c>).</summary>
public sealed record Volume
{
    /// <summary>The version of this record's format that we write.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of this record's format.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether a launch made it for a container that named none.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>Whether its directory still waits for the owner and permissions of what an image has at its place.</summary>
    public bool NeedsOwner { get; init; } = true;

    /// <summary>The directory of its content.</summary>
    public string Mountpoint { get; init; } = "";
}
