using System.Text;

namespace Podspawn.Oci.Native;

/// <summary>An extended attribute of a file (xattr(7)): bytes, which need not be text.</summary>
/// <param name="Name">Its name, without a NUL.</param>
/// <param name="Value">Its value.</param>
internal readonly record struct FileAttribute(byte[] Name, byte[] Value)
{
    private const string Capability = "security.capability", Lists = "system.posix_acl_";

    /// <summary>The name as text.</summary>
    internal string Text => Encoding.UTF8.GetString(Name);

    /// <summary>Whether it belongs to the file wherever that is: what users have set, capabilities and access lists; not a host's labels, nor the marks of overlayfs.</summary>
    internal bool BelongsToFile => IsUsers || IsPrivilege;

    /// <summary>Whether a user of the file has set it.</summary>
    internal bool IsUsers => Text is var name && name.StartsWith("user.", StringComparison.Ordinal)
        && !name.StartsWith("user.overlay.", StringComparison.Ordinal) && !name.StartsWith("user.fuseoverlayfs.", StringComparison.Ordinal);

    /// <summary>Whether it gives somebody rights: capabilities and access lists.</summary>
    internal bool IsPrivilege => Text is var name && (name == Capability || name.StartsWith(Lists, StringComparison.Ordinal));
}
