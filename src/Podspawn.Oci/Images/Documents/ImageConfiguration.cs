using System.Text.Json.Serialization;

namespace Podspawn.Oci.Images.Documents;

/// <summary>An image's configuration as it is in the blob, as far as we read it (OCI image spec, config.md). Nothing of it is checked yet.</summary>
public sealed record ImageConfiguration
{
    /// <summary>When it was created (RFC 3339).</summary>
    public string? Created { get; init; }

    /// <summary>GOARCH.</summary>
    public string? Architecture { get; init; }

    /// <summary>GOOS.</summary>
    public string? Os { get; init; }

    /// <summary>The CPU's variant.</summary>
    public string? Variant { get; init; }

    /// <summary>How to run it.</summary>
    public ImageExecution? Config { get; init; }

    /// <summary>The layers' contents.</summary>
    public ImageRootfs? Rootfs { get; init; }
}

/// <summary>The member <c>rootfs</c> of an image's configuration.</summary>
public sealed record ImageRootfs
{
    /// <summary>The digests of the layers' uncompressed archives, the lowest first.</summary>
    [JsonPropertyName("diff_ids")]
    public IReadOnlyList<string?>? DiffIds { get; init; }
}

/// <summary>The member <c>config</c> of an image's configuration: property names are those of the JSON.</summary>
public sealed record ImageExecution
{
    /// <summary>USER[:GROUP].</summary>
    public string? User { get; init; }

    /// <summary>NAME=value.</summary>
    public IReadOnlyList<string?>? Env { get; init; }

    /// <summary>The command's fixed part.</summary>
    public IReadOnlyList<string?>? Entrypoint { get; init; }

    /// <summary>The command, or the entry point's default arguments.</summary>
    public IReadOnlyList<string?>? Cmd { get; init; }

    /// <summary>Paths with data that is written.</summary>
    public IReadOnlyDictionary<string, System.Text.Json.JsonElement>? Volumes { get; init; }

    /// <summary>Ports that are served.</summary>
    public IReadOnlyDictionary<string, System.Text.Json.JsonElement>? ExposedPorts { get; init; }

    /// <summary>The working directory.</summary>
    public string? WorkingDir { get; init; }

    /// <summary>The stop signal, such as <c>SIGTERM</c>.</summary>
    public string? StopSignal { get; init; }

    /// <summary>Docker's check whether it is healthy, which the OCI's spec does not have.</summary>
    public ImageHealthConfiguration? Healthcheck { get; init; }
}

/// <summary>The member <c>Healthcheck</c> of an image's <c>config</c>; times are in nanoseconds.</summary>
public sealed record ImageHealthConfiguration
{
    /// <summary><c>CMD</c> and words, <c>CMD-SHELL</c> and a line, or <c>NONE</c>.</summary>
    public IReadOnlyList<string?>? Test { get; init; }

    /// <summary>Between two checks.</summary>
    public long Interval { get; init; }

    /// <summary>Of a check.</summary>
    public long Timeout { get; init; }

    /// <summary>After a start.</summary>
    public long StartPeriod { get; init; }

    /// <summary>Failures in a row.</summary>
    public long Retries { get; init; }
}
