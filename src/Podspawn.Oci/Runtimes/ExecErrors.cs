using Podspawn.Oci.Native;

namespace Podspawn.Oci.Runtimes;

/// <summary>
/// The errors of execve(2) in the words of the runtimes. runc and crun learn whether it succeeds only when nobody listens to them any more: what they
/// say then is what the process that was to become the command writes to its own stderr.
/// </summary>
internal static class ExecErrors
{
    // The C library's words, Go's, which differ by their first letter, and gVisor's.
    private static readonly (int Errno, string Words)[] Known =
    [
        (Errno.ENOENT, "no such file or directory"), (Errno.ENOTDIR, "not a directory"), (Errno.EACCES, "permission denied"), (Errno.ENOEXEC, "exec format error"),
        (Errno.E2BIG, "argument list too long"), (Errno.ETXTBSY, "text file busy"), (Errno.ELOOP, "too many levels of symbolic links"),
        (Errno.ELOOP, "too many symbolic links encountered"), (Errno.ENOMEM, "cannot allocate memory"), (Errno.ENOMEM, "out of memory"),
        (Errno.EPERM, "operation not permitted"), (Errno.EISDIR, "is a directory"), (Errno.ENAMETOOLONG, "file name too long"), (Errno.EIO, "input/output error"),
        (Errno.EIO, "i/o error"), (Errno.EINVAL, "invalid argument"), (Errno.EMFILE, "too many open files"), (Errno.ENFILE, "too many open files in system"),
        (Errno.EAGAIN, "resource temporarily unavailable"), (Errno.ELIBBAD, "accessing a corrupted shared library"),
    ];

    /// <summary>The error with whose words a message ends; null where it ends otherwise.</summary>
    internal static int? AtEndOf(string message)
    {
        string text = message.TrimEnd();
        foreach ((int errno, string words) in Known)
        {
            if (text.EndsWith($": {words}", StringComparison.OrdinalIgnoreCase))
                return errno;
        }
        return null;
    }

    /// <summary>The error in what was written in the name of a process that is known never to have become its command; null for none.</summary>
    internal static int? In(string said)
    {
        int? last = null;
        foreach (string line in said.Split('\n'))
        {
            string text = Plain(line);
            if (text.StartsWith("exec", StringComparison.Ordinal))
                last = AtEndOf(text) ?? last;
        }
        return last;
    }

    /// <summary>
    /// The error in the last line that a process has written of which it is not known whether it ever became its command; null where the line is not
    /// a runtime's about that very command.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="paths">The paths at which the runtime may have found the command.</param>
    internal static int? About(string line, IEnumerable<string> paths)
    {
        string text = Plain(line);
        return AtEndOf(text) is { } errno && paths.Any(path => IsAbout(text[..text.LastIndexOf(": ", StringComparison.Ordinal)], path)) ? errno : null;
    }

    private static bool IsAbout(string text, string path) =>
        text == $"exec {path}" || text == $"exec container process `{path}`" || text == $"exec container process (missing dynamic library?) `{path}`";

    // crun writes an entry of its log, or colours the line at a terminal.
    private static string Plain(string line)
    {
        string text = line.Replace("\u001b[1;31m", "", StringComparison.Ordinal).Replace("\u001b[0m", "", StringComparison.Ordinal).Trim();
        return text.StartsWith('{') && RuntimeLog.ErrorsOf(text) is [.., string last] ? last : text;
    }
}
