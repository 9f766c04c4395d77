using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>
/// Walks a tree that a hostile process may change meanwhile: from an open directory to its entries by single names, with links never followed and
/// nothing opened for reading before its type is known.
/// </summary>
internal static class TreeWalk
{
    /// <summary>The most levels that a copy enters: each holds three descriptors, of which a process commonly has 1024.</summary>
    internal const int DeepestLevel = 300;

    /// <summary>The entries of a directory, in no order. Each is open until the next one is asked for.</summary>
    /// <param name="directory">The directory, open for reading.</param>
    /// <exception cref="IOException">The directory cannot be read to its end.</exception>
    internal static IEnumerable<TreeEntry> Entries(SafeFileHandle directory)
    {
        (uint, uint) device = EntryFacts.Of(directory).Device;
        foreach (EntryName name in EntryCalls.List(directory))
        {
            using SafeFileHandle? file = EntryCalls.Open(directory, name, PathCalls.O_PATH, out int errno);
            EntryFacts facts = file is null ? default : EntryFacts.Of(file);
            yield return new TreeEntry(name, file, errno, facts, IsOnOtherDevice: file is not null && facts.Device != device);
        }
    }
}

/// <summary>An entry that a walk has come to.</summary>
/// <param name="Name">Its name in its directory.</param>
/// <param name="File">The entry, opened with O_PATH; null where it has vanished or cannot be opened.</param>
/// <param name="Errno">Why it is not open, or 0.</param>
/// <param name="Facts">What the kernel says of it; nothing where it is not open.</param>
/// <param name="IsOnOtherDevice">Whether another filesystem is mounted there.</param>
internal readonly record struct TreeEntry(EntryName Name, SafeFileHandle? File, int Errno, EntryFacts Facts, bool IsOnOtherDevice)
{
    /// <summary>Whether one of the kernel's own filesystems is mounted there.</summary>
    internal bool IsKernels => IsOnOtherDevice && KernelFiles.Are(File!);
}
