using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>Reads docker's <c>--volume [SOURCE:]DESTINATION[:OPTIONS]</c>.</summary>
internal static class VolumeText
{
    /// <summary>
    /// The mount that a text asks for. A source with a slash in it, or that begins with a dot, is a path of the host; any other is a volume's name; and
    /// without one a volume is made for this container alone.
    /// </summary>
    /// <exception cref="ContainerException">The text asks for none.</exception>
    internal static MountRequest Read(string text)
    {
        var request = new MountRequest(Setting.Volume, text);
        string[] parts = text.Split(':');
        bool isAnonymous = parts.Length == 1;
        string destination = parts[isAnonymous ? 0 : 1];
        if (parts.Length > 3 || (!isAnonymous && parts[0].Length == 0) || !destination.StartsWith('/') || text.AsSpan().ContainsAny("\0\n"))
            throw request.Bad("is no volume", "write SRC:DST or SRC:DST:ro, with an absolute path DST, NAME:DST for a volume, or DST alone for one without a name");
        bool isPath = !isAnonymous && (parts[0].Contains('/') || parts[0].StartsWith('.'));
        return request with
        {
            Destination = CleanPath.Of(destination),
            HostPath = isPath ? parts[0] : null,
            Volume = isAnonymous || isPath ? null : parts[0],
            Options = Options(request, parts.Length == 3 ? parts[2] : null),
        };
    }

    /// <summary>Reads options that commas separate.</summary>
    /// <exception cref="ContainerException">One is unknown, or contradicts another.</exception>
    internal static MountOptions Options(MountRequest request, string? text)
    {
        var options = new MountOptions();
        foreach (string option in text?.Split(',') ?? [])
        {
            (MountOptions? next, string? what) = options.With(option);
            options = next
                ?? throw request.Bad(what!, Suggestion.DidYouMean(option, MountOptions.All) ?? "use ro or rw, z, Z, U, nocopy, bind, exec, noexec, suid, nosuid, dev, nodev");
        }
        return options;
    }
}
