using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>
/// What a copy may do with the kernel's own files, of which /proc in a container holds the host's. A single one is read for whoever names it, by its
/// name; no link of a container's leads there, and nothing is written there.
/// </summary>
internal static class KernelRule
{
    /// <summary>The most that is read of one: such files tell no size.</summary>
    internal const int Largest = 64 << 20;

    private static readonly string[] Places = ["/proc/", "/sys/"];

    /// <summary>Checks what a path has led to.</summary>
    /// <exception cref="ContainerException">It is a directory of such files, or is reached by a link.</exception>
    internal static void RequireNamed(CopyTree tree, string path, SafeFileHandle file, EntryFacts facts, string shown)
    {
        if (facts.Type == FileKind.Link || !KernelFiles.Are(file))
            return;
        if (facts.IsDirectory)
            throw CopyFailure.Of(shown, "holds the kernel's own files; name one of them");
        using SafeFileHandle? named = tree.OpenWithoutLinks(path);
        if (named is null || EntryFacts.Of(named) is var there && (there.Device, there.Inode) != (facts.Device, facts.Inode))
            throw CopyFailure.Of(shown, "leads by a symbolic link to one of the kernel's own files; name that itself");
        // A container that may mount can have them elsewhere, too.
        string full = Path.GetFullPath($"/{path}");
        if (!Places.Any(place => full.StartsWith(place, StringComparison.Ordinal)))
            throw CopyFailure.Of(shown, $"is one of the kernel's own files, which are copied from {string.Join(" and ", Places)} alone; name it there");
    }

    /// <summary>Checks a directory that is to be written to.</summary>
    /// <exception cref="ContainerException">It holds such files.</exception>
    internal static SafeFileHandle RequireWritable(SafeFileHandle directory, string shown)
    {
        if (!KernelFiles.Are(directory))
            return directory;
        directory.Dispose();
        throw CopyFailure.Of(shown, "holds the kernel's own files, and nothing is copied there; name another directory");
    }
}
