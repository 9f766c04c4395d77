namespace Podspawn.Oci.Translation.Requests;

/// <summary>
/// The mount flags of fstab(5) that a user may give. A flag and its opposite share a group, in which the last one wins.
/// </summary>
internal static class MountFlags
{
    public const string ReadWrite = "rw";

    /// <summary>The flag's group, or null where the text is not a flag.</summary>
    public static string? GroupOf(string flag) => flag switch
    {
        "ro" or "rw" => ReadWrite,
        "exec" or "noexec" => "exec",
        "suid" or "nosuid" => "suid",
        "dev" or "nodev" => "dev",
        "sync" or "async" => "sync",
        "dirsync" => "dirsync",
        "atime" or "noatime" => "atime",
        "diratime" or "nodiratime" => "diratime",
        "relatime" or "norelatime" => "relatime",
        "strictatime" or "nostrictatime" => "strictatime",
        "iversion" or "noiversion" => "iversion",
        "private" or "rprivate" or "shared" or "rshared" or "slave" or "rslave" or "unbindable" or "runbindable" => "propagation",
        _ => null,
    };

    /// <summary>Every flag, for did-you-mean.</summary>
    public static string[] All() =>
    [
        "ro", "rw", "exec", "noexec", "suid", "nosuid", "dev", "nodev", "sync", "async", "dirsync", "atime", "noatime", "diratime",
        "nodiratime", "relatime", "norelatime", "strictatime", "nostrictatime", "iversion", "noiversion", "private", "rprivate", "shared",
        "rshared", "slave", "rslave", "unbindable", "runbindable",
    ];
}
