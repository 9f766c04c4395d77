using System.Runtime.InteropServices;
using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Images;

/// <summary>The platform of an image, in the words of the OCI image spec (image-index.md, "platform": Go's GOOS, GOARCH and variant).</summary>
/// <param name="Os">Such as <c>linux</c>.</param>
/// <param name="Architecture">Such as <c>amd64</c>, <c>arm64</c>.</param>
/// <param name="Variant">Such as <c>v7</c>; null where there is none.</param>
public sealed record ImagePlatform(string Os, string Architecture, string? Variant = null)
{
    private static readonly Dictionary<string, string> Synonyms = new()
    {
        ["x86_64"] = "amd64", ["x86-64"] = "amd64", ["aarch64"] = "arm64", ["i386"] = "386", ["i686"] = "386", ["armhf"] = "arm", ["armel"] = "arm",
    };

    // e_machine of programs for each architecture (elf(5)): what binfmt_misc matches on.
    private static readonly Dictionary<string, ushort> Machines = new()
    {
        ["amd64"] = 62, ["386"] = 3, ["arm64"] = 183, ["arm"] = 40, ["ppc64le"] = 21, ["s390x"] = 22, ["riscv64"] = 243, ["mips64le"] = 8, ["loong64"] = 258,
    };

    /// <summary>This host's platform.</summary>
    public static ImagePlatform Host { get; } = new("linux", RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    });

    /// <summary>The e_machine of its programs (elf(5)); null for an unknown architecture.</summary>
    internal ushort? Machine => Machines.TryGetValue(Architecture, out ushort machine) ? machine : null;

    /// <summary>Parses docker's <c>OS/ARCH[/VARIANT]</c>; a single word is an architecture of linux.</summary>
    /// <exception cref="ImageException">The text is not a platform.</exception>
    public static ImagePlatform Parse(string text)
    {
        string[] parts = text.ToLowerInvariant().Split('/');
        if (parts.Length == 1)
            parts = ["linux", parts[0]];
        if (parts.Length > 3 || parts.Any(part => part.Length == 0 || !part.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')))
            throw new ImageException($"{Setting.Platform}: '{text}' is no platform; write OS/ARCH or OS/ARCH/VARIANT, such as linux/arm64");
        string architecture = Synonyms.GetValueOrDefault(parts[1], parts[1]);
        if (parts[0] != "linux")
            throw new ImageException($"{Setting.Platform}: containers of '{parts[0]}' cannot be run here; use linux/{architecture}");
        if (!Machines.ContainsKey(architecture))
            throw new ImageException($"{Setting.Platform}: '{parts[1]}' is no architecture that is known here; use one of {string.Join(", ", Machines.Keys)}");
        return new ImagePlatform(parts[0], architecture, parts.Length == 3 ? parts[2] : null);
    }

    /// <summary>Whether an image of this platform satisfies a user who asks for <paramref name="wanted"/>; variants are compared only where both name one.</summary>
    public bool Satisfies(ImagePlatform wanted) =>
        Os == wanted.Os && Architecture == wanted.Architecture && (Variant is null || wanted.Variant is null || Variant == wanted.Variant || IsSameVariant(wanted));

    /// <inheritdoc/>
    public override string ToString() => Variant is null ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";

    // arm64 has been v8 from its beginning: both spellings mean one platform.
    private bool IsSameVariant(ImagePlatform wanted) => Architecture == "arm64" && (Variant ?? "v8") == (wanted.Variant ?? "v8");
}
