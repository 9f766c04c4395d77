using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>
/// What a copy may do with files that the kernel generates; the /proc of a container holds the host's. A single such file is read for a user who
/// names it directly; no link in a container leads there, and nothing is written there.
/// </summary>
internal static class KernelRule
{
    /// <summary>The limit in bytes for reading such a file: they report no size.</summary>
    internal const int Largest = 64 << 20;

    private static readonly string[] Places = ["/proc/", "/sys/"];

    /// <summary>Checks the file that a path has led to.</summary>
    /// <exception cref="ContainerException">It is a directory of such files, or was reached by a link.</exception>
    internal static void RequireNamed(CopyTree tree, string path, SafeFileHandle file, EntryFacts facts, string shown)
    {
        if (facts.Type == FileKind.Link || !KernelFiles.Are(file))
            return;
        if (facts.IsDirectory)
            throw CopyFailure.Of(shown, "holds the kernel's own files; name one of them");
        using SafeFileHandle? named = tree.OpenWithoutLinks(path);
        if (named is null || EntryFacts.Of(named) is var there && (there.Device, there.Inode) != (facts.Device, facts.Inode))
            throw CopyFailure.Of(shown, "leads by a symbolic link to one of the kernel's own files; name that itself");
        // A container that may mount can have such files elsewhere, too.
        string full = Path.GetFullPath($"/{path}");
        if (!Places.Any(place => full.StartsWith(place, StringComparison.Ordinal)))
            throw CopyFailure.Of(shown, $"is one of the kernel's own files, which are copied from {string.Join(" and ", Places)} alone; name it there");
    }

    /// <summary>Checks a directory before it is written to.</summary>
    /// <exception cref="ContainerException">The directory holds such files.</exception>
    internal static SafeFileHandle RequireWritable(SafeFileHandle directory, string shown)
    {
        if (!KernelFiles.Are(directory))
            return directory;
        directory.Dispose();
        throw CopyFailure.Of(shown, "holds the kernel's own files, and nothing is copied there; name another directory");
    }
}
