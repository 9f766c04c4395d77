namespace Podspawn.Oci.Images.Fetching;

/// <summary>How images are fetched and unpacked: the flags of <c>pull</c>, with the names of skopeo and podman.</summary>
public sealed record FetchOptions
{
    /// <summary>The platform to choose from an index and to require; null for this host's, without requiring it.</summary>
    public ImagePlatform? Platform { get; init; }

    /// <summary>The file with the credentials for registries (containers-auth.json(5)); null for skopeo's usual places.</summary>
    public string? AuthFile { get; init; }

    /// <summary>Whether the registry must use TLS with a trusted certificate; null for the setting of registries.conf, by default true.</summary>
    public bool? TlsVerify { get; init; }

    /// <summary>A directory with certificates (containers-certs.d(5)).</summary>
    public string? CertificateDirectory { get; init; }

    /// <summary>The signature policy (containers-policy.json(5)); null for the host's own.</summary>
    public string? SignaturePolicy { get; init; }

    /// <summary>The limit in bytes for what fetching, and then unpacking, one image may write; a file, however small, counts as 4,096.</summary>
    public long MaxSize { get; init; } = 32L << 30;

    /// <summary>How long a registry may be silent.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long unpacking one image may take; null for five minutes, plus a second for each 256 KiB of its layers.</summary>
    public TimeSpan? UnpackTimeout { get; init; }

    internal TimeSpan UnpackTimeFor(long bytes) => UnpackTimeout ?? TimeSpan.FromSeconds(300 + (bytes >> 18));
}

/// <summary>When a launch asks the registry: podman's <c>--pull</c>.</summary>
public enum PullPolicy
{
    /// <summary>Only where the store does not have the image.</summary>
    Missing,

    /// <summary>At each launch.</summary>
    Always,

    /// <summary>Never: where the store does not have the image, the launch fails.</summary>
    Never,
}

/// <summary>The stages of a fetch.</summary>
public enum FetchStage
{
    /// <summary>skopeo copies what the store lacks of the image.</summary>
    Fetching,

    /// <summary>An archive is turned into an image.</summary>
    Importing,

    /// <summary>Layers in a format that umoci does not read are converted.</summary>
    Converting,

    /// <summary>umoci unpacks the image.</summary>
    Unpacking,

    /// <summary>skopeo copies the image to a registry.</summary>
    Sending,

    /// <summary>What a container has changed becomes a layer.</summary>
    Committing,
}

/// <summary>Receives the progress of a fetch; called on the fetching thread.</summary>
public interface IFetchWatcher
{
    /// <summary>Whether to ask the registry for totals.</summary>
    bool WantsTotals { get; }

    /// <summary>A stage begins.</summary>
    /// <param name="image">The image's name.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="total">The total in bytes; 0 where it is not known.</param>
    void Begin(string image, FetchStage stage, long total);

    /// <summary>This many bytes of the stage are done.</summary>
    void Advance(long done);

    /// <summary>The fetch has ended or failed.</summary>
    void End();
}

/// <summary>Ignores all progress.</summary>
public sealed class SilentWatcher : IFetchWatcher
{
    /// <inheritdoc/>
    public bool WantsTotals => false;

    /// <inheritdoc/>
    public void Begin(string image, FetchStage stage, long total)
    {
    }

    /// <inheritdoc/>
    public void Advance(long done)
    {
    }

    /// <inheritdoc/>
    public void End()
    {
    }
}
