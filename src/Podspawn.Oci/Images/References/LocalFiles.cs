using Podspawn.Oci.Configuration;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Native;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Images.References;

/// <summary>
/// Looks at what skopeo is going to open: it waits at a FIFO, reads a device or the kernel's log for as long as anything comes, and follows links out of
/// a layout to what is only root's to read.
/// </summary>
internal static class LocalFiles
{
    private static readonly string[] Documents = ["oci-layout", "index.json"];

    /// <exception cref="ImageException">A file of the source is no regular one, or lies behind a link within a layout.</exception>
    internal static void Require(ImageSource source)
    {
        if (source.Transport is ImageTransport.OciArchive or ImageTransport.DockerArchive)
            Require(source.Text, source.Path);
        if (source.Transport != ImageTransport.OciLayout)
            return;
        foreach (string document in Documents)
            RequireOwn(source.Text, $"{source.Path}/{document}");
        string blobs = $"{source.Path}/blobs";
        RefuseLink(source.Text, blobs);
        foreach (string algorithm in Entries(blobs))
        {
            RefuseLink(source.Text, algorithm);
            foreach (string blob in Entries(algorithm))
                RequireOwn(source.Text, blob);
        }
    }

    /// <summary>Whether a path is a symbolic link, be it to nothing.</summary>
    internal static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static void RequireOwn(string source, string path)
    {
        RefuseLink(source, path);
        if (Path.Exists(path))
            Require(source, path);
    }

    // Whoever made the layout chose where it leads. The layout's own directory may be one: that the user has named.
    private static void RefuseLink(string source, string path)
    {
        if (IsLink(path))
            throw new ImageException($"{source}: {Printable.Line(path)} is a symbolic link, which is not followed; give a layout of regular files, such as cp -rL makes of one that you trust");
    }

    private static IEnumerable<string> Entries(string directory) => Directory.Exists(directory) ? Directory.EnumerateFileSystemEntries(directory) : [];

    private static void Require(string source, string path)
    {
        try
        {
            RegularFile.Require(path);
        }
        catch (UnfitFileException e)
        {
            throw new ImageException($"{source}: {Printable.Line(path)} {e.Message}; give an image whose files are regular ones");
        }
    }
}
