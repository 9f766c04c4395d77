namespace Podspawn.Oci.Native;

/// <summary>Permissions of what we make (chmod(2)).</summary>
internal static class FileModes
{
    /// <summary>0600, a file of ours.</summary>
    internal const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>0700, a directory of ours.</summary>
    internal const UnixFileMode OwnersDirectory = OwnersFile | UnixFileMode.UserExecute;

    /// <summary>0444, what everybody may read.</summary>
    internal const UnixFileMode ReadForAll = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>0111.</summary>
    internal const UnixFileMode ExecuteForAll = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>0222.</summary>
    internal const UnixFileMode WriteForAll = UnixFileMode.UserWrite | OthersWrite;

    /// <summary>0022, what a file has that group or others may write.</summary>
    internal const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>0644, a file for everybody to read.</summary>
    internal const UnixFileMode PublicFile = ReadForAll | UnixFileMode.UserWrite;

    /// <summary>0755, a directory or a program for everybody.</summary>
    internal const UnixFileMode PublicDirectory = PublicFile | ExecuteForAll;

    /// <summary>0555, for a program that no user may change.</summary>
    internal const UnixFileMode ReadOnlyProgram = ReadForAll | ExecuteForAll;

    /// <summary>0666.</summary>
    internal const UnixFileMode ReadWriteForAll = ReadForAll | WriteForAll;
}
