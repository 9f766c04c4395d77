using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Diff;

/// <summary>
/// Reads the marks by which an upper directory changes the lower one: whiteouts, and directories that hide what is below
/// (Documentation/filesystems/overlayfs.rst; fuse-overlayfs(1) where the kernel does not let it create devices).
/// </summary>
internal static class LayerEntry
{
    private const string Whiteout = ".wh.";
    private static readonly string[] OpaqueMarks = [".wh..wh..opq", ".wh..opq"];
    private static readonly string[] OpaqueAttributes = ["trusted.overlay.opaque", "user.overlay.opaque", "user.fuseoverlayfs.opaque"];

    /// <summary>Whether the name is a mark on its directory rather than a file of the container.</summary>
    internal static bool IsMark(EntryName name) => OpaqueMarks.Contains(name.Text);

    /// <summary>The name that an entry removes; null where it removes nothing.</summary>
    internal static EntryName? Removed(EntryName name, EntryFacts facts)
    {
        if (facts is { Type: FileKind.CharacterDevice, Node: (0, 0) })
            return name;
        ReadOnlySpan<byte> prefix = Encoding.ASCII.GetBytes(Whiteout);
        return facts.Type == FileKind.Regular && name.Bytes.Length > prefix.Length && name.Bytes.StartsWith(prefix) ? EntryName.Of(name.Bytes[prefix.Length..]) : null;
    }

    /// <summary>Whether an open directory hides the lower one.</summary>
    internal static bool IsOpaque(SafeFileHandle directory)
    {
        foreach (string attribute in OpaqueAttributes)
        {
            if (AttributeCalls.Has(directory, attribute, 'y'))
                return true;
        }
        return OpaqueMarks.Any(mark => Exists(directory, mark));
    }

    private static bool Exists(SafeFileHandle directory, string name)
    {
        using SafeFileHandle? entry = EntryCalls.Open(directory, EntryName.Of(name), PathCalls.O_PATH, out _);
        return entry is not null;
    }
}
