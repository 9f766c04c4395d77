namespace Podspawn.Oci.Native;

/// <summary>Error numbers (errno(3)); the same on x86_64 and aarch64.</summary>
internal static class Errno
{
    internal const int EPERM = 1;
    internal const int ENOENT = 2;
    internal const int ESRCH = 3;
    internal const int EINTR = 4;
    internal const int EIO = 5;
    internal const int ENXIO = 6;
    internal const int E2BIG = 7;
    internal const int ENOEXEC = 8;
    internal const int ECHILD = 10;
    internal const int EAGAIN = 11;
    internal const int ENOMEM = 12;
    internal const int EACCES = 13;
    internal const int EBUSY = 16;
    internal const int EEXIST = 17;
    internal const int EXDEV = 18;
    internal const int ENODEV = 19;
    internal const int ENOTDIR = 20;
    internal const int EISDIR = 21;
    internal const int EINVAL = 22;
    internal const int ENFILE = 23;
    internal const int EMFILE = 24;
    internal const int ETXTBSY = 26;
    internal const int ENOSPC = 28;
    internal const int EROFS = 30;
    internal const int EMLINK = 31;
    internal const int EPIPE = 32;
    internal const int ENAMETOOLONG = 36;
    internal const int ENOTEMPTY = 39;
    internal const int ELOOP = 40;
    internal const int ELIBBAD = 80;
    internal const int ENOTSUP = 95;
    internal const int ECONNABORTED = 103;
    internal const int ECONNRESET = 104;
    internal const int EDQUOT = 122;

    /// <summary>The C library's text for an error number.</summary>
    internal static string Text(int errno) => System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(errno);

    /// <summary>The same within a sentence, as runc, docker and podman write it: <c>permission denied</c>.</summary>
    internal static string Reason(int errno) => Text(errno) is { Length: > 0 } text ? $"{char.ToLowerInvariant(text[0])}{text[1..]}" : "";
}
