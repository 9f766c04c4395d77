using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>Which entries of a directory are copied: the same ones to a tree and to an archive.</summary>
internal static class CopiedEntries
{
    /// <summary>The entries, each with its path as messages show it; a warning tells which are left out.</summary>
    /// <param name="directory">The directory, open for reading.</param>
    /// <param name="shown">Its path as messages show it.</param>
    /// <param name="level">How deep it lies below the source of the copy.</param>
    /// <param name="options">The copy's options.</param>
    /// <exception cref="Errors.ContainerException">The directory lies too deep.</exception>
    internal static IEnumerable<(TreeEntry Entry, SafeFileHandle File, string Shown)> Of(SafeFileHandle directory, string shown, int level, CopyOptions options)
    {
        if (level > TreeWalk.DeepestLevel)
            throw CopyFailure.Of(shown, $"lies more than {TreeWalk.DeepestLevel} directories deep; copy it in parts");
        foreach (TreeEntry entry in TreeWalk.Entries(directory))
        {
            string path = $"{shown.TrimEnd('/')}/{entry.Name.Text}";
            if (entry.File is null)
                options.Warn($"{CopyFailure.Clean(path)}: {(entry.Errno == Errno.ENOENT ? "has vanished" : Errno.Text(entry.Errno))}");
            else if (entry.IsKernels)
                options.Warn($"{CopyFailure.Clean(path)}: holds the kernel's own files, which are not copied");
            else
                yield return (entry, entry.File, path);
        }
    }
}
