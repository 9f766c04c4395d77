using Podspawn.Oci.Native;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Images.References;

/// <summary>
/// Checks the files that skopeo is going to open: skopeo waits at a FIFO, reads a device or the kernel's log as long as data comes, and follows links
/// out of a layout to files that only root may read.
/// </summary>
internal static class LocalFiles
{
    private static readonly string[] Documents = ["oci-layout", "index.json"];

    /// <exception cref="ImageException">A file of the source is not a regular file, or lies behind a link within a layout.</exception>
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

    /// <summary>Whether a path is a symbolic link, also one without a target.</summary>
    internal static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static void RequireOwn(string source, string path)
    {
        RefuseLink(source, path);
        if (Path.Exists(path))
            Require(source, path);
    }

    // The link's target was chosen by the creator of the layout. The layout's own directory may be a link: the user has named it.
    private static void RefuseLink(string source, string path)
    {
        if (IsLink(path))
            throw new ImageException($"{source}: {Printable.Line(path)} is a symbolic link, which is not followed; give a layout of regular files, such as cp -rL makes of one " +
                $"that you trust");
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
