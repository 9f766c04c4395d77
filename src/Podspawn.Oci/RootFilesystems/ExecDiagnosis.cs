using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.RootFilesystems;

/// <summary>Says why execve(2) refused a command, where a runtime only lets us know that it did.</summary>
internal static class ExecDiagnosis
{
    private const int HeaderSize = 256;
    private const int MachineOffset = 18; // e_machine (elf(5))

    /// <summary>Whether something that the command needs is missing (its interpreter or loader), rather than the command being unfit.</summary>
    internal static bool NeedsWhatIsMissing(
        RootFilesystem root, string command, string workingDirectory, IEnumerable<string> environment, IReadOnlyList<VolumeMount> volumes)
    {
        using SafeFileHandle? file = Open(root, CommandLookup.Candidates(command, workingDirectory, environment), volumes);
        if (file is null)
            return false;
        byte[] header = new byte[HeaderSize];
        int length = RandomAccess.Read(file, header, 0);
        if (length > 2 && header[0] == '#' && header[1] == '!')
        {
            string interpreter = Encoding.UTF8.GetString(header, 2, length - 2).Split('\n')[0].Trim().Split(' ', '\t')[0];
            return CommandLookup.Find(root, interpreter, workingDirectory, []) == CommandState.NotFound;
        }
        // A program for this machine that execve does not find is one whose loader is missing.
        return length > MachineOffset + 2 && header.AsSpan().StartsWith("\u007fELF"u8)
            && BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(MachineOffset)) == (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 183 : 62);
    }

    private static SafeFileHandle? Open(RootFilesystem root, IEnumerable<string> candidates, IReadOnlyList<VolumeMount> volumes)
    {
        foreach (string path in candidates)
        {
            VolumeMount? volume = volumes.LastOrDefault(volume => path.StartsWith(volume.Destination + "/", StringComparison.Ordinal));
            if (volume is null)
            {
                if (root.OpenInside(path, PathCalls.O_RDONLY | PathCalls.O_NONBLOCK, out _) is { } found)
                    return found;
                continue;
            }
            using RootFilesystem source = RootFilesystem.Open(volume.Source);
            if (source.OpenInside(path[volume.Destination.Length..], PathCalls.O_RDONLY | PathCalls.O_NONBLOCK, out _) is { } inside)
                return inside;
        }
        return null;
    }
}
