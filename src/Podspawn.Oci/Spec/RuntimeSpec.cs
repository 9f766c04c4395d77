namespace Podspawn.Oci.Spec;

/// <summary>A container's config.json (OCI runtime spec, config.md).</summary>
public sealed record RuntimeSpec
{
    /// <summary>The version of the spec that we write.</summary>
    public const string CurrentVersion = "1.0.2";

    /// <summary>The version of the spec, semantic versioning.</summary>
    public string OciVersion { get; init; } = CurrentVersion;

    /// <summary>The container's process.</summary>
    public required Process Process { get; init; }

    /// <summary>The root filesystem.</summary>
    public required Root Root { get; init; }

    /// <summary>The host name, or null to leave it unchanged.</summary>
    public string? Hostname { get; init; }

    /// <summary>Mounts beyond the root, in order.</summary>
    public required IReadOnlyList<Mount> Mounts { get; init; }

    /// <summary>Annotations, names to values.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>The settings that are specific to Linux.</summary>
    public required Linux Linux { get; init; }
}

/// <summary>The root filesystem (config.md, "Root").</summary>
/// <param name="Path">Absolute, or relative to the bundle.</param>
/// <param name="Readonly">Whether it is read-only inside.</param>
public sealed record Root(string Path, bool Readonly = false);

/// <summary>A mount (config.md, "Mounts").</summary>
/// <param name="Destination">Absolute, in the container.</param>
/// <param name="Type">The filesystem type, or <c>bind</c>.</param>
/// <param name="Source">A device name, a path on the host, or a dummy.</param>
/// <param name="Options">Mount options, as in fstab(5).</param>
public sealed record Mount(string Destination, string? Type, string? Source, IReadOnlyList<string>? Options);
