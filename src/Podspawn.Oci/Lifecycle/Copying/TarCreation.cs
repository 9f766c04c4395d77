using System.Formats.Tar;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>Writes a tree of a container as a tar archive, walking it as <see cref="TreeCopier"/> does. The archive preserves owners and permissions.</summary>
internal sealed class TarCreation(Stream output, CopyOptions options)
{
    private readonly Dictionary<((uint, uint) Device, ulong Inode), string> names = [];

    /// <exception cref="ContainerException">The source cannot be read.</exception>
    /// <exception cref="IOException">The archive cannot be written.</exception>
    internal void Write(CopySource source)
    {
        using var tar = new TarWriter(output, TarEntryFormat.Pax, leaveOpen: true);
        Add(tar, source.File, source.Name?.Text ?? ".", source.Shown, 0);
    }

    private void Add(TarWriter tar, SafeFileHandle entry, string name, string shown, int level)
    {
        EntryFacts facts = EntryFacts.Of(entry);
        switch (facts.Type)
        {
            case FileKind.Directory:
                tar.WriteEntry(Entry(TarEntryType.Directory, $"{name}/", facts));
                AddEntries(tar, entry, name, shown, level);
                break;
            case FileKind.Link when EntryCalls.ReadLink(entry) is var text && text.IsText:
                PaxTarEntry link = Entry(TarEntryType.SymbolicLink, name, facts);
                link.LinkName = text.Text;
                tar.WriteEntry(link);
                break;
            case FileKind.Regular when facts.Links > 1 && !names.TryAdd((facts.Device, facts.Inode), name):
                PaxTarEntry other = Entry(TarEntryType.HardLink, name, facts);
                other.LinkName = names[(facts.Device, facts.Inode)];
                tar.WriteEntry(other);
                break;
            case FileKind.Regular:
                using (SafeFileHandle from = EntryCalls.Reopen(entry, RegularFile.ReadFlags))
                using (Stream content = KernelFiles.Are(entry) ? new MemoryStream(RegularFile.Read(from, KernelRule.Largest).ToArray()) : new SizedContent(from, facts.Size))
                {
                    PaxTarEntry file = Entry(TarEntryType.RegularFile, name, facts);
                    file.DataStream = content;
                    tar.WriteEntry(file);
                }
                break;
            default:
                options.Warn($"{CopyFailure.Clean(shown)}: is a {facts.Kind}{(facts.Type == FileKind.Link ? " whose text is not UTF-8" : "")}, which is not copied");
                break;
        }
    }

    private void AddEntries(TarWriter tar, SafeFileHandle directory, string name, string shown, int level)
    {
        using SafeFileHandle from = EntryCalls.Reopen(directory, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY);
        foreach ((TreeEntry child, SafeFileHandle file, string path) in CopiedEntries.Of(from, shown, level, options))
        {
            if (child.Name.IsText)
                Add(tar, file, $"{name}/{child.Name.Text}", path, level + 1);
            else
                options.Warn($"{CopyFailure.Clean(path)}: has a name that is not UTF-8, which is not copied to an archive");
        }
    }

    private static PaxTarEntry Entry(TarEntryType type, string name, EntryFacts facts) => new(type, name)
    {
        Mode = facts.Permissions,
        Uid = (int)Math.Min(facts.Uid, int.MaxValue),
        Gid = (int)Math.Min(facts.Gid, int.MaxValue),
        ModificationTime = facts.Modified.ToDateTime(),
    };

    /// <summary>Exactly as many bytes of a file as the archive's header says: a file that has become shorter is padded with zeros, as by tar(1).</summary>
    private sealed class SizedContent(SafeFileHandle file, long size) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => size;

        public override long Position { get; set; }

        public override int Read(Span<byte> buffer)
        {
            buffer = buffer[..(int)Math.Min(buffer.Length, size - Position)];
            int got = buffer.Length == 0 ? 0 : RandomAccess.Read(file, buffer, Position);
            if (got == 0)
            {
                buffer.Clear();
                got = buffer.Length;
            }
            Position += got;
            return got;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => Position + offset,
            _ => size + offset,
        };

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
