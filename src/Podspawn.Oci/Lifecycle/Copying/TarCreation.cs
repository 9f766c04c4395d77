using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.Packing;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>
/// Writes a tree of a container as a tar archive, walking it as <see cref="TreeCopier"/> does. The archive preserves owners, permissions and extended
/// attributes.
/// </summary>
internal sealed class TarCreation(Stream output, CopyOptions options)
{
    private readonly PaxWriter tar = new(output);
    private readonly Dictionary<((uint, uint) Device, ulong Inode), byte[]> names = [];

    /// <exception cref="ContainerException">The source cannot be read.</exception>
    /// <exception cref="IOException">The archive cannot be written.</exception>
    internal void Write(CopySource source)
    {
        Add(source.File, source.Name is { } name ? name.Bytes.ToArray() : "."u8.ToArray(), source.Shown, 0);
        tar.End();
    }

    private void Add(SafeFileHandle entry, byte[] name, string shown, int level)
    {
        EntryFacts facts = EntryFacts.Of(entry);
        switch (facts.Type)
        {
            case FileKind.Directory:
                tar.Write([.. name, (byte)'/'], '5', facts, default, Attributes(entry));
                AddEntries(entry, name, shown, level);
                break;
            case FileKind.Link when EntryCalls.ReadLink(entry) is var text && text.IsText:
                tar.Write(name, '2', facts, text.Bytes, []);
                break;
            case FileKind.Regular when facts.Links > 1 && !names.TryAdd((facts.Device, facts.Inode), name):
                tar.Write(name, '1', facts, names[(facts.Device, facts.Inode)], []);
                break;
            case FileKind.Regular:
                AddFile(entry, facts, name);
                break;
            default:
                options.Warn($"{CopyFailure.Clean(shown)}: is a {facts.Kind}{(facts.Type == FileKind.Link ? " whose text is not UTF-8" : "")}, which is not copied");
                break;
        }
    }

    private void AddFile(SafeFileHandle entry, EntryFacts facts, byte[] name)
    {
        using SafeFileHandle from = EntryCalls.Reopen(entry, RegularFile.ReadFlags);
        if (!KernelFiles.Are(entry))
        {
            tar.WriteFile(name, facts, Attributes(entry), new DescriptorStream(from));
            return;
        }
        byte[] content = RegularFile.Read(from, KernelRule.Largest).ToArray();
        tar.WriteFile(name, facts with { Size = content.Length }, [], new MemoryStream(content));
    }

    private void AddEntries(SafeFileHandle directory, byte[] name, string shown, int level)
    {
        using SafeFileHandle from = EntryCalls.Reopen(directory, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY);
        foreach ((TreeEntry child, SafeFileHandle file, string path) in CopiedEntries.Of(from, shown, level, options))
        {
            if (child.Name.IsText)
                Add(file, [.. name, (byte)'/', .. child.Name.Bytes], path, level + 1);
            else
                options.Warn($"{CopyFailure.Clean(path)}: has a name that is not UTF-8, which is not copied to an archive");
        }
    }

    private static IReadOnlyList<FileAttribute> Attributes(SafeFileHandle entry) => [.. AttributeCalls.Read(entry).Where(attribute => attribute.BelongsToFile)];
}
