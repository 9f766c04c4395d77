using Podspawn.Oci.Images.References;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Fetching;

/// <summary>Looks at what skopeo is going to open: it waits at a FIFO, and reads a device or the kernel's log for as long as anything comes.</summary>
internal static class LocalFiles
{
    private static readonly string[] Documents = ["oci-layout", "index.json"];

    /// <exception cref="ImageException">A file of the source is no regular one.</exception>
    internal static void Require(ImageSource source)
    {
        if (source.Transport is ImageTransport.OciArchive or ImageTransport.DockerArchive)
            Require(source.Text, source.Path);
        if (source.Transport != ImageTransport.OciLayout)
            return;
        foreach (string document in Documents.Select(name => $"{source.Path}/{name}").Where(Path.Exists))
            Require(source.Text, document);
        foreach (string algorithm in Entries($"{source.Path}/blobs").Where(Directory.Exists))
        {
            foreach (string blob in Entries(algorithm).Where(Path.Exists))
                Require(source.Text, blob);
        }
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
            throw new ImageException($"{source}: {path} {e.Message}; give an image whose files are regular ones");
        }
    }
}
