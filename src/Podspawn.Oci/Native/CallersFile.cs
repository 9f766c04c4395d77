using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>
/// Reads a file that the caller names, or a pipe that the caller has opened and passes by its number, as a shell does for <c>&lt;(command)</c>. A
/// FIFO with its own name is not opened: any user can create one there, and opening it would wait for ever.
/// </summary>
internal static class CallersFile
{
    private static readonly string[] Directories = ["/dev/fd/", "/proc/self/fd/"];

    /// <summary>Reads the file to its end.</summary>
    /// <exception cref="UnfitFileException">It is neither a file nor such a pipe, or has more than <paramref name="largest"/> bytes.</exception>
    internal static ReadOnlyMemory<byte> Read(string path, int largest)
    {
        if (NumberIn(path) is not { } number || !InheritedAttributes.HasDescriptor(number))
            return RegularFile.Read(path, largest);
        using SafeFileHandle passed = DescriptorCalls.Duplicate(number);
        return FileKind.Of(passed) == FileKind.Fifo ? RegularFile.Read(passed, largest) : RegularFile.Read(path, largest);
    }

    private static int? NumberIn(string path)
    {
        if (path == "/dev/stdin")
            return 0;
        return Directories.FirstOrDefault(directory => path.StartsWith(directory, StringComparison.Ordinal)) is { } found
            && int.TryParse(path.AsSpan(found.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
    }
}
