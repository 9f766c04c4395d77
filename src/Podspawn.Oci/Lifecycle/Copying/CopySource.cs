using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>The source of a copy, opened with O_PATH: it stays the same file whatever happens to its path.</summary>
/// <param name="File">The file or directory.</param>
/// <param name="Facts">What stat says of it.</param>
/// <param name="Name">Its name in a directory that it is copied into; null where only its contents are copied.</param>
/// <param name="Shown">Its name in messages.</param>
internal sealed record CopySource(SafeFileHandle File, EntryFacts Facts, EntryName? Name, string Shown) : IDisposable
{
    /// <exception cref="ContainerException">The source does not exist, or is not what its path says.</exception>
    internal static CopySource Open(CopyTree tree, string path, bool followLink)
    {
        CopyPath parts = CopyPath.Of(path);
        string shown = $"{tree.Shown}{path}";
        if (path.TrimEnd('/').EndsWith("..", StringComparison.Ordinal) && parts.Name.Length == 0)
            throw CopyFailure.Of(shown, "ends with '..'; name the directory itself");
        bool follow = followLink || parts.AssertsDirectory;
        SafeFileHandle file = tree.Require(path, follow ? PathCalls.O_PATH : PathCalls.O_PATH | PathCalls.O_NOFOLLOW);
        EntryFacts facts = EntryFacts.Of(file);
        try
        {
            KernelRule.RequireNamed(tree, path, file, facts, shown);
        }
        catch (ContainerException)
        {
            file.Dispose();
            throw;
        }
        if (!parts.AssertsDirectory || facts.IsDirectory)
            return new CopySource(file, facts, parts.Name.Length > 0 ? EntryName.Of(parts.Name) : null, shown);
        file.Dispose();
        throw CopyFailure.Of(shown, "is not a directory; leave the slash at the end away");
    }

    public void Dispose() => File.Dispose();
}
