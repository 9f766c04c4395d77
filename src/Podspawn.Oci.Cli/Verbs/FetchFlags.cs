using System.CommandLine;
using System.Globalization;
using Podspawn.Oci.Images;
using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Native;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>The flags for fetching images, with skopeo's and podman's names.</summary>
internal sealed class FetchFlags
{
    private readonly Option<string?> platform = new("--platform") { HelpName = "OS/ARCH[/VARIANT]", Description = "The platform to take the image for (default: this host's)" };
    private readonly Option<string?> authFile = new("--authfile") { HelpName = "FILE", Description = "The file with credentials of registries (default: skopeo's, then docker's)" };
    private readonly Option<bool?> tlsVerify = new("--tls-verify") { HelpName = "BOOL", Description = "Insist on TLS with a certificate that is trusted",
        Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> certDir = new("--cert-dir") { HelpName = "DIR", Description = "A directory with certificates (*.crt, *.cert, *.key) for the registry" };
    private readonly Option<string?> signaturePolicy = new("--signature-policy") { HelpName = "FILE", Description = "The signature policy (default: /etc/containers/policy.json)" };
    private readonly Option<string?> maxSize = MaxSize("The most that fetching or unpacking one image may write (default: 32g)");
    private readonly Option<string?> stallTimeout = new("--stall-timeout") { HelpName = "SECONDS", Description = "How long a registry may send nothing (default: 120)" };
    private readonly Option<string?> unpackTimeout = new("--unpack-timeout") { HelpName = "SECONDS",
        Description = "How long unpacking one image may take (default: 300, and 1 for each 256 KiB of its layers)" };

    /// <summary>The flag for the limit on bytes that may be written.</summary>
    internal static Option<string?> MaxSize(string description) => new("--max-size") { HelpName = "SIZE", Description = description };

    internal void AddTo(Command verb)
    {
        foreach (Option option in new Option[] { platform, authFile, tlsVerify, certDir, signaturePolicy, maxSize, stallTimeout, unpackTimeout })
            verb.Options.Add(option);
    }

    /// <summary>Adds the flags for reaching a registry, without those for what is fetched.</summary>
    internal void AddReachTo(Command verb)
    {
        foreach (Option option in new Option[] { authFile, tlsVerify, certDir, stallTimeout })
            verb.Options.Add(option);
    }

    internal FetchOptions Read(ParseResult parsed)
    {
        var defaults = new FetchOptions();
        return new FetchOptions
        {
            Platform = parsed.GetValue(platform) is { } text ? ImagePlatform.Parse(text) : null,
            AuthFile = RegularOf("--authfile", parsed.GetValue(authFile)),
            TlsVerify = parsed.GetResult(tlsVerify) is null ? null : parsed.GetValue(tlsVerify) ?? true,
            CertificateDirectory = Existing("--cert-dir", parsed.GetValue(certDir)),
            SignaturePolicy = RegularOf("--signature-policy", parsed.GetValue(signaturePolicy)),
            MaxSize = parsed.GetValue(maxSize) is { } size ? Size(size) : defaults.MaxSize,
            StallTimeout = parsed.GetValue(stallTimeout) is { } seconds ? Seconds("--stall-timeout", seconds) : defaults.StallTimeout,
            UnpackTimeout = parsed.GetValue(unpackTimeout) is { } most ? Seconds("--unpack-timeout", most) : null,
        };
    }

    private static string? Existing(string flag, string? path)
    {
        if (path is null)
            return null;
        string full = Path.GetFullPath(path);
        if (!Path.Exists(full))
            throw new UsageException($"{flag}: there is no {path}; check the path");
        return Directory.Exists(full) ? full : throw new UsageException($"{flag}: {path} is not a directory; name the directory with the certificates");
    }

    // skopeo opens it: it would wait at a FIFO.
    private static string? RegularOf(string flag, string? path)
    {
        if (path is null)
            return null;
        string full = Path.GetFullPath(path);
        try
        {
            RegularFile.Require(full);
            return full;
        }
        catch (UnfitFileException e)
        {
            throw new UsageException(e.IsMissing ? $"{flag}: there is no {path}; check the path" : $"{flag}: {path} {e.Message}; name a regular file");
        }
    }

    /// <summary>Parses that flag's value.</summary>
    internal static long Size(string text) => ByteSize.TryParse(text, out long bytes) && bytes > 0
        ? bytes
        : throw new UsageException($"--max-size: '{text}' is no size; write a number above 0 with b, k, m or g, such as 8g");

    /// <summary>The value of that flag, or its default.</summary>
    internal static long MaxSizeOf(string? text) => text is null ? new FetchOptions().MaxSize : Size(text);

    private static TimeSpan Seconds(string flag, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds is > 0 and <= 86400
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"{flag}: '{text}' is no time; write 1 to 86400 seconds");
}
