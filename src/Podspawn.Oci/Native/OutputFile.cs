using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Writes a file that the user has named. A regular file is replaced as a whole; a device, a FIFO or a stream that the caller has opened is written to.</summary>
internal static class OutputFile
{
    private static readonly string[] Streams = ["/dev/fd/", "/proc/self/fd/"];

    /// <summary>Writes the file.</summary>
    /// <exception cref="IOException">The file cannot be written, or is reached by another user's link.</exception>
    internal static void Write(string path, ReadOnlySpan<byte> content)
    {
        if (NumberIn(path) is { } number)
        {
            new DescriptorStream(number).Write(content);
            return;
        }
        using OutputPlace place = OutputPlace.Find(path, follow: true);
        if (place.There is { } there && there.Type != FileKind.Regular)
        {
            using SafeFileHandle special = OpenSpecial(place);
            new DescriptorStream(special).Write(content);
            return;
        }
        // As open(2) makes files for everybody's eyes; the caller's umask takes from it.
        using var file = new PendingFile(place, FileModes.ReadWriteForAll);
        new DescriptorStream(file.Handle).Write(content);
        file.Commit();
    }

    /// <summary>Checks beforehand what can be known of the file.</summary>
    /// <exception cref="IOException">The file is reached by another user's link, or cannot be written to.</exception>
    internal static void Require(string path)
    {
        if (NumberIn(path) is not null)
            return;
        using OutputPlace place = OutputPlace.Find(path, follow: true);
        if (place.There is { } there && there.Type != FileKind.Regular)
            RequireSpecial(there);
    }

    private static SafeFileHandle OpenSpecial(OutputPlace place)
    {
        using SafeFileHandle entry = EntryCalls.Open(place.Directory, place.Name, PathCalls.O_PATH, out int errno) ?? throw UnfitFileException.Of(errno);
        // Checked on the open file: the name may have come to mean another file since.
        RequireSpecial(EntryFacts.Of(entry));
        return EntryCalls.Reopen(entry, PathCalls.O_WRONLY | PathCalls.O_NOCTTY);
    }

    private static void RequireSpecial(EntryFacts facts)
    {
        if (facts.Type is not (FileKind.Fifo or FileKind.CharacterDevice))
            throw new UnfitFileException($"is a {facts.Kind}");
        // The creator of a FIFO reads what is written to it. A device can only be created by root, whoever owns it.
        if (facts.Type == FileKind.Fifo && facts.Uid != 0 && facts.Uid != ProcessCalls.EffectiveUser())
            throw new UnfitFileException($"is another user's {facts.Kind} (uid {facts.Uid}); name another file");
    }

    private static int? NumberIn(string path) => path switch
    {
        "/dev/stdout" => 1,
        "/dev/stderr" => 2,
        _ => Streams.FirstOrDefault(directory => path.StartsWith(directory, StringComparison.Ordinal)) is { } found
            && int.TryParse(path.AsSpan(found.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && InheritedAttributes.HasDescriptor(number)
            ? number : null,
    };
}
