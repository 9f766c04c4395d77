using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.RootFilesystems;

/// <summary>Says why execve(2) refused a command, where a runtime only reports that it did.</summary>
internal static class ExecDiagnosis
{
    private const int HeaderSize = 256;
    private const int ElfHeaderSize = 64;
    private const int TypeOffset = 16; // e_type (elf(5))
    private const int MachineOffset = 18; // e_machine
    private const int EntrySize = 56; // sizeof(Elf64_Phdr)
    private const int DeepestInterpreter = 4; // an interpreter may itself be a script, up to this depth (execve(2))

    /// <summary>Whether something that the command needs is missing (its interpreter or loader), rather than the command being unsuitable.</summary>
    internal static bool NeedsWhatIsMissing(
        RootFilesystem root, string command, string workingDirectory, IEnumerable<string> environment, IReadOnlyList<VolumeMount> volumes) =>
        WhyRefused(root, command, workingDirectory, environment, volumes) is { NotFound: true };

    /// <summary>The reason for which execve(2) must have refused a command; null where no obstacle is visible.</summary>
    internal static (string Reason, bool NotFound)? WhyRefused(
        RootFilesystem root, string command, string workingDirectory, IEnumerable<string> environment, IReadOnlyList<VolumeMount> volumes)
    {
        using SafeFileHandle? file = Open(root, CommandLookup.Candidates(command, workingDirectory, environment), volumes);
        return file is null ? null : WhyUnfit(root, file, workingDirectory, volumes, DeepestInterpreter);
    }

    private static (string Reason, bool NotFound)? WhyUnfit(RootFilesystem root, SafeFileHandle file, string workingDirectory, IReadOnlyList<VolumeMount> volumes, int depth)
    {
        byte[] header = Header(file);
        if (Interpreter(header) is { } interpreter)
            return WhyUnfitToRead(root, interpreter, workingDirectory, volumes, depth);
        if (!IsForThisMachine(header))
            return ("cannot be executed: it is neither a program for this machine nor a script", false);
        if (!HasSoundTable(file, header))
            return ("cannot be executed: it is cut short or broken", false);
        return Loader(file, header) is { } loader && IsMissing(root, loader, workingDirectory, volumes)
            ? ($"needs the loader '{loader}', which is not in the root filesystem", true) : null;
    }

    private static (string Reason, bool NotFound)? WhyUnfitToRead(
        RootFilesystem root, string interpreter, string workingDirectory, IReadOnlyList<VolumeMount> volumes, int depth)
    {
        if (IsMissing(root, interpreter, workingDirectory, volumes))
            return ($"needs the interpreter '{interpreter}', which is not in the root filesystem", true);
        using SafeFileHandle? file = Open(root, CommandLookup.Candidates(interpreter, workingDirectory, []), volumes);
        if (file is null || FileKind.FactsOf(file) is { Executable: false } || depth == 0)
            return ($"needs the interpreter '{interpreter}', which cannot be executed", false);
        return WhyUnfit(root, file, workingDirectory, volumes, depth - 1) is { } reason ? ($"needs the interpreter '{interpreter}', which {reason.Reason}", reason.NotFound) : null;
    }

    private static byte[] Header(SafeFileHandle file)
    {
        byte[] header = new byte[HeaderSize];
        return header[..Read(file, header, 0)];
    }

    // The file's author chose the offset, and the filesystem may fail: in both cases there is no answer.
    private static int Read(SafeFileHandle file, byte[] buffer, long offset)
    {
        try
        {
            return offset < 0 ? 0 : RandomAccess.Read(file, buffer, offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    // execve(2), "Interpreter scripts".
    private static string? Interpreter(byte[] header) => header is [(byte)'#', (byte)'!', ..]
        ? Encoding.UTF8.GetString(header, 2, header.Length - 2).Split('\n')[0].Trim().Split(' ', '\t')[0]
        : null;

    private static bool IsForThisMachine(byte[] header) =>
        header.Length >= ElfHeaderSize && header.AsSpan().StartsWith("\u007fELF"u8)
        && BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(MachineOffset)) == (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 183 : 62);

    // The kernel's requirements before it replaces the old program (elf(5)).
    private static bool HasSoundTable(SafeFileHandle file, byte[] header)
    {
        const int ET_EXEC = 2, ET_DYN = 3, LargestTable = 65536;
        int type = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(TypeOffset));
        int size = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(54)), length = size * BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(56));
        if (type is not (ET_EXEC or ET_DYN) || size != EntrySize || length is <= 0 or > LargestTable)
            return false;
        return Read(file, new byte[length], BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(32))) == length;
    }

    // elf(5): e_phoff at 32, e_phentsize at 54, e_phnum at 56; in an entry p_type at 0, p_offset at 8, p_filesz at 32.
    private static string? Loader(SafeFileHandle file, byte[] header)
    {
        const int PT_INTERP = 3;
        const int LongestPath = 4096;
        long table = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(32));
        int size = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(54)), count = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(56));
        byte[] entry = new byte[EntrySize];
        for (int i = 0; i < count && size >= entry.Length && table > 0 && Read(file, entry, table + ((long)i * size)) == entry.Length; i++)
        {
            if (BinaryPrimitives.ReadInt32LittleEndian(entry) != PT_INTERP)
                continue;
            long length = BinaryPrimitives.ReadInt64LittleEndian(entry.AsSpan(32));
            byte[] path = new byte[length is > 0 and <= LongestPath ? (int)length : 0];
            int got = Read(file, path, BinaryPrimitives.ReadInt64LittleEndian(entry.AsSpan(8)));
            return Encoding.UTF8.GetString(path, 0, got).TrimEnd('\0');
        }
        return null;
    }

    // A path below a volume is looked up there.
    private static bool IsMissing(RootFilesystem root, string path, string workingDirectory, IReadOnlyList<VolumeMount> volumes)
    {
        if (CommandLookup.Find(root, path, workingDirectory, []) != CommandState.NotFound)
            return false;
        using SafeFileHandle? file = Open(root, CommandLookup.Candidates(path, workingDirectory, []), volumes);
        return file is null;
    }

    private static SafeFileHandle? Open(RootFilesystem root, IEnumerable<string> candidates, IReadOnlyList<VolumeMount> volumes)
    {
        foreach (string path in candidates)
        {
            // A file of the host that the user has named.
            if (volumes.LastOrDefault(volume => volume.Destination == path) is { } file && RegularFile.TryOpen(file.Source) is { } named)
                return named;
            VolumeMount? volume = volumes.LastOrDefault(volume => path.StartsWith(volume.Destination + "/", StringComparison.Ordinal));
            if (volume is null)
            {
                if (root.OpenFile(path) is { } found)
                    return found;
                continue;
            }
            using RootFilesystem source = RootFilesystem.Open(volume.Source);
            if (source.OpenFile(path[volume.Destination.Length..]) is { } inside)
                return inside;
        }
        return null;
    }
}
