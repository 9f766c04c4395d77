using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.Building;
using Podspawn.Oci.Images.Exporting;
using Podspawn.Oci.Lifecycle.Copying;
using Podspawn.Oci.Native;
using Podspawn.Oci.Volumes;

namespace Podspawn.Oci.Lifecycle.Volumes;

/// <summary>
/// Writes what a volume has to a tar archive, and unpacks archives into volumes. Containers may change the volume meanwhile, and the archive comes from
/// anyone: neither leads out of the volume.
/// </summary>
/// <param name="volumes">The volumes.</param>
/// <param name="signals">The source of a signal that ends an export to a file; null for none.</param>
public sealed class VolumeTransfer(VolumeStore volumes, ISignalSource? signals)
{
    /// <summary>Writes a volume's files, owners by number and attributes with them.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="file">The file, which is complete or absent.</param>
    /// <returns>What differs from the volume, which changed meanwhile.</returns>
    /// <exception cref="ContainerException">There is no such volume.</exception>
    /// <exception cref="Images.ImageException">It cannot be read, or the archive not be written.</exception>
    public IReadOnlyList<string> Export(string name, string file)
    {
        using SafeFileHandle data = volumes.OpenData(volumes.Find(name).Name);
        return ExportFile.Write(TreeOf(data), file, signals);
    }

    /// <summary>The same to a stream.</summary>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public IReadOnlyList<string> Export(string name, Stream target)
    {
        using SafeFileHandle data = volumes.OpenData(volumes.Find(name).Name);
        return TreeExport.Write(TreeOf(data), target);
    }

    /// <summary>Unpacks an archive into a volume, beside what it has: a file of the same name is replaced.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="file">The archive, as it is or compressed; <c>-</c> for the standard input.</param>
    /// <param name="warn">Receives a message for each entry that is not unpacked as it is.</param>
    /// <exception cref="ContainerException">There is no such volume, or the archive is none, or leads out.</exception>
    /// <exception cref="Images.ImageException">The archive cannot be read.</exception>
    public void Import(string name, string file, Action<string> warn)
    {
        string found = volumes.Find(name).Name;
        using ArchiveSource given = ArchiveSource.Open(file, "a tar archive of a volume's files");
        using FileLock held = volumes.HoldContent(found);
        using FileMask mask = FileMask.HoldUsual();
        using var tree = new CopyTree(volumes.OpenData(found), $"{found}:");
        using var plain = new PlainArchive(given, new Dictionary<string, string?>(), _ => { }, CancellationToken.None);
        new TarExtraction(tree, "/", new CopyOptions { Archive = true, Warn = warn }, given.Name).Read(plain.Content);
    }

    private static string TreeOf(SafeFileHandle data) => $"{EntryCalls.PathInProcess(data)}/.";
}
