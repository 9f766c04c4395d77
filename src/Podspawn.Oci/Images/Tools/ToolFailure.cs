using Podspawn.Oci.Errors;


namespace Podspawn.Oci.Images.Tools;

/// <summary>Turns the messages of skopeo and umoci on stderr into one with a hint.</summary>
internal static class ToolFailure
{
    private static readonly (string Sign, string Hint)[] Hints =
    [
        ("no space left on device", $"make room on the store's filesystem, or name another with {Setting.DataRoot}"),
        ("disk quota exceeded", $"make room on the store's filesystem, or name another with {Setting.DataRoot}"),
        ("unauthorized", $"log in with 'skopeo login', or name the credentials with {Setting.Authfile}"),
        ("authentication required", $"log in with 'skopeo login', or name the credentials with {Setting.Authfile}"),
        ("denied: ", $"log in with 'skopeo login', or name the credentials with {Setting.Authfile}; the repository may also not exist"),
        ("rejected by policy", $"the signature policy decides what is trusted: see containers-policy.json(5), or name another with {Setting.SignaturePolicy}"),
        ("signature was required", $"the signature policy decides what is trusted: see containers-policy.json(5), or name another with {Setting.SignaturePolicy}"),
        ("manifest unknown", "check the image's name and tag"),
        ("name unknown", "check the image's name and tag"),
        ("no such host", "check the registry's name and this host's name resolution"),
        ("connection refused", "check the registry's name and port, and that it is up"),
        ("server gave HTTP response to HTTPS client", $"the registry speaks plain http: {Setting.TlsVerify}=false lets it"),
        ("x509:", $"name the registry's certificates with {Setting.CertDir}, or let it go with {Setting.TlsVerify}=false"),
        ("manifest list instead of a manifest", "an index within an index is not taken: copy the inner one out, and take that"),
        ("no image found in ", $"name a platform that the image has with {Setting.Platform}"),
        ("more than one image in oci", "name one of its tags: oci:DIR:TAG"),
        ("no descriptor found for reference", "check the tag"),
        ("Digest did not match", "the content is not what its digest promises: fetch again, and distrust the source if it stays so"),
        ("verification", "the content is not what its digest promises: fetch again, and distrust the source if it stays so"),
        ("unexpected EOF", "the content ended too early: try again, and build the image anew if it stays so"),
        ("unpack layer: ", "its layers are not what they should be: build the image anew, or take another"),
        ("unpack rootfs: ", "its layers are not what they should be: build the image anew, or take another"),
    ];

    /// <summary>The exception for a tool that failed.</summary>
    internal static ImageException Of(string image, string tool, int status, string stderr)
    {
        string said = Cause(stderr) is { Length: > 0 } cause ? cause : $"ended with status {status} and gave no reason";
        string hint = Hints.FirstOrDefault(hint => said.Contains(hint.Sign, StringComparison.OrdinalIgnoreCase)).Hint ?? "check the image's name and source";
        return new ImageException($"{image}: {tool}: {said}; {hint}");
    }

    /// <summary>Whether the disk was full: then the blobs that arrived complete are still useful.</summary>
    internal static bool IsFullDisk(string stderr) =>
        stderr.Contains("no space left on device", StringComparison.OrdinalIgnoreCase) || stderr.Contains("disk quota exceeded", StringComparison.OrdinalIgnoreCase);

    // skopeo logs `time="..." level=fatal msg="..."`, umoci ` ⨯ ...`; the last such line is the cause.
    private static string Cause(string stderr)
    {
        string[] lines = stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string line = lines.LastOrDefault(line => line.Contains("level=fatal", StringComparison.Ordinal) || line.StartsWith('⨯'))
            ?? lines.FirstOrDefault(line => line.StartsWith("panic: ", StringComparison.Ordinal)) ?? lines.LastOrDefault() ?? "";
        int message = line.IndexOf("msg=\"", StringComparison.Ordinal);
        if (message >= 0)
            line = line[(message + 5)..].TrimEnd('"').Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\n", " ", StringComparison.Ordinal);
        return string.Concat(Shortened(line.TrimStart('⨯', ' ')).Select(c => char.IsControl(c) ? ' ' : c));
    }

    // Names in a layer may be very long, and the reason is at the end.
    private static string Shortened(string text)
    {
        const int Half = 500;
        return text.Length <= 2 * Half ? text : $"{text[..Half]} ... {text[^Half..]}";
    }
}
