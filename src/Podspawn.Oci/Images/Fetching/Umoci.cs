namespace Podspawn.Oci.Images.Fetching;

/// <summary>The arguments of umoci (umoci-raw-unpack(1)).</summary>
internal static class Umoci
{
    internal const string Program = "umoci";

    /// <summary>Unpacks an image to a directory; every digest is checked on the way.</summary>
    internal static IReadOnlyList<string> Unpack(string layout, string target) =>
        Environment.IsPrivilegedProcess
            ? ["raw", "unpack", "--image", $"{layout}:{Skopeo.Tag}", target]
            : ["raw", "unpack", "--rootless", "--image", $"{layout}:{Skopeo.Tag}", target];
}
