namespace Podspawn.Oci.Images.Fetching;

/// <summary>How images are fetched and unpacked: the flags of <c>pull</c>, in skopeo's and podman's words.</summary>
public sealed record FetchOptions
{
    /// <summary>The platform to pick from an index and to insist on; null for this host's, without insisting.</summary>
    public ImagePlatform? Platform { get; init; }

    /// <summary>The file with the credentials of registries (containers-auth.json(5)); null for skopeo's usual places.</summary>
    public string? AuthFile { get; init; }

    /// <summary>Whether the registry must speak TLS with a certificate that is trusted; null for what registries.conf says, by default true.</summary>
    public bool? TlsVerify { get; init; }

    /// <summary>A directory with certificates (containers-certs.d(5)).</summary>
    public string? CertificateDirectory { get; init; }

    /// <summary>The signature policy (containers-policy.json(5)); null for the host's own.</summary>
    public string? SignaturePolicy { get; init; }

    /// <summary>The most bytes that fetching, and then unpacking, one image may write; a file, however small, counts as 4,096.</summary>
    public long MaxSize { get; init; } = 32L << 30;

    /// <summary>How long a registry may send nothing.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long unpacking one image may take; null for five minutes, and a second more for each 256 KiB of its layers.</summary>
    public TimeSpan? UnpackTimeout { get; init; }

    internal TimeSpan UnpackTimeFor(long bytes) => UnpackTimeout ?? TimeSpan.FromSeconds(300 + (bytes >> 18));
}

/// <summary>Whether a launch asks the registry: podman's <c>--pull</c>.</summary>
public enum PullPolicy
{
    /// <summary>Where the store does not have the image.</summary>
    Missing,

    /// <summary>Each time.</summary>
    Always,

    /// <summary>Never: it is in the store, or the launch fails.</summary>
    Never,
}

/// <summary>What is being done to an image.</summary>
public enum FetchStage
{
    /// <summary>skopeo copies what the store lacks of it.</summary>
    Fetching,

    /// <summary>An archive becomes an image.</summary>
    Importing,

    /// <summary>Layers of a format that umoci does not read are made into one that it does.</summary>
    Converting,

    /// <summary>umoci unpacks it.</summary>
    Unpacking,
}

/// <summary>Hears how a fetch goes on; called on the fetching thread.</summary>
public interface IFetchWatcher
{
    /// <summary>Whether totals are worth asking the registry for.</summary>
    bool WantsTotals { get; }

    /// <summary>A stage begins.</summary>
    /// <param name="image">The image's name.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="total">Its bytes; 0 where they are not known.</param>
    void Begin(string image, FetchStage stage, long total);

    /// <summary>So many bytes of the stage are done.</summary>
    void Advance(long done);

    /// <summary>All is done, or has failed.</summary>
    void End();
}

/// <summary>Hears nothing.</summary>
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
