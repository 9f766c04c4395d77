namespace Podspawn.Oci.Native;

/// <summary>The reason why a file is not opened, in words that follow its name.</summary>
internal sealed class UnfitFileException : IOException
{
    internal UnfitFileException(string why, int errno = 0)
        : base(why) => Number = errno;

    /// <summary>The error number where the kernel refused; else 0.</summary>
    internal int Number { get; }

    /// <summary>Whether there is no such file.</summary>
    internal bool IsMissing => Number == Errno.ENOENT;

    internal static UnfitFileException Of(int errno) =>
        new(errno == Errno.ENOENT ? "no such file" : $"cannot be read: {Errno.Text(errno).ToLowerInvariant()}", errno);
}
