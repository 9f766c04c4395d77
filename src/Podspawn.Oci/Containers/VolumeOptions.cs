using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.Containers;

/// <summary>Reads docker's <c>--volume SRC:DST[:OPTIONS]</c>.</summary>
internal static class VolumeOptions
{
    /// <summary>The bind mount, its source made absolute and its destination resolved inside the root filesystem.</summary>
    internal static VolumeMount Parse(string text, RootFilesystem root)
    {
        string[] parts = text.Split(':');
        if (parts.Length is < 2 or > 3 || parts[0].Length == 0 || !parts[1].StartsWith('/') || text.AsSpan().ContainsAny("\0\n"))
            throw Bad(text, "is no volume", "write SRC:DST or SRC:DST:ro, with an absolute path DST");
        bool readOnly = false;
        foreach (string option in parts.Length == 3 ? parts[2].Split(',') : [])
        {
            switch (option)
            {
                case "ro":
                    readOnly = true;
                    break;
                case "rw":
                    readOnly = false;
                    break;
                default:
                    throw Bad(text, $"has the unknown option '{option}'", "use ro or rw");
            }
        }
        string source = Path.GetFullPath(parts[0]);
        if (!File.Exists(source) && !Directory.Exists(source))
            throw Bad(text, $"has no source: '{source}' does not exist", "make it first");
        return new VolumeMount(source, ResolveInside(root, parts[1]), readOnly) { IsFile = File.Exists(source) };
    }

    /// <summary>The destination with its links resolved inside the root filesystem.</summary>
    internal static string ResolveInside(RootFilesystem root, string destination)
    {
        // Left as it is where it is not normalized: the translator refuses it and says why.
        return !destination.StartsWith('/') || destination.Split('/').Skip(1).Any(part => part is "" or "." or "..") ? destination : root.ResolveInside(destination);
    }

    private static ContainerException Bad(string text, string what, string mend) => new($"--volume: '{text}' {what}; {mend}");
}
