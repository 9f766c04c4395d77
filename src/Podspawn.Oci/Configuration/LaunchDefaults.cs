namespace Podspawn.Oci.Configuration;

/// <summary>The honoured keys of the <c>defaults</c> section of a podspawn config.</summary>
public sealed record LaunchDefaults
{
    /// <summary>CPU limit in cores (1.5 is one and a half); 0 means unlimited.</summary>
    public decimal Cpus { get; init; } = 2.0m;

    /// <summary>Memory limit in bytes; 0 means unlimited.</summary>
    public long Memory { get; init; } = 2L << 30;

    /// <summary>The command where the user gives none; null when the config names none.</summary>
    public string? Shell { get; init; }

    /// <summary>The image where the user names none; null when the config names none.</summary>
    public string? Image { get; init; }
}
