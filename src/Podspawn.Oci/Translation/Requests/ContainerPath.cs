using System.Text;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Translation.Requests;

/// <summary>Checks the form of a path inside the container. Runtimes clamp or accept malformed paths, each in its own way.</summary>
internal static class ContainerPath
{
    private const int LongestPath = 4095; // PATH_MAX less its NUL (linux/limits.h)
    private const int LongestName = 255;

    /// <summary>What is wrong and a hint to fix it, or null for an absolute, normalized path other than <c>/</c>.</summary>
    public static (string What, string Hint)? Check(string path)
    {
        if (path.Length == 0)
            return ("the path is empty", "write an absolute path such as /tmp");
        foreach (char c in path)
        {
            if (char.IsControl(c))
                return ($"the path holds the control character U+{(int)c:X4}", "remove it");
        }

        if (path[0] != '/')
            return ($"the path '{path}' is relative", $"write it from the root, such as /{path.TrimStart('.', '/')}");
        if (path == "/")
            return ("the path is the root itself", "name a directory below it");
        if (Encoding.UTF8.GetByteCount(path) > LongestPath)
            return ($"the path is longer than {LongestPath} bytes", "shorten it");

        foreach (Range range in path.AsSpan(1).Split('/'))
        {
            ReadOnlySpan<char> name = path.AsSpan(1)[range];
            if (name is "." or "..")
                return ($"the path '{path}' holds '{name}'", "write the path that it leads to");
            if (name.IsEmpty)
                return ($"the path '{path}' is not normalized", "write it without doubled or trailing slashes");
            if (Encoding.UTF8.GetByteCount(name) > LongestName)
                return ($"a name in the path is longer than {LongestName} bytes", "shorten it");
        }

        return null;
    }

    /// <summary>Like <see cref="Check"/>, for a path at which the user mounts something.</summary>
    public static (string What, string Hint)? CheckMountPoint(string path)
    {
        if (Check(path) is { } problem)
            return problem;
        if (IsAtOrBelow(path, "/proc") || IsAtOrBelow(path, "/sys"))
            return ($"nothing may be mounted at '{path}': the kernel's own files are there", "choose another path");
        return path == "/dev" ? ("nothing may be mounted at '/dev': it holds the devices", "choose a path below it, such as /dev/shm") : null;
    }

    /// <summary>
    /// Like <see cref="Check"/>, for a path that the config means to protect or to cover: with an invisible character in it it is another path, which
    /// may not exist, and a path that does not exist is not masked.
    /// </summary>
    public static (string What, string Hint)? CheckSeen(string path) => Check(path) ?? (InvisibleText.FirstIn(path) is { } character
        ? ($"the path {Printable.Quote(path)} holds {character}, which is not seen", "remove it, or write a plain space if that is meant")
        : null);

    public static bool IsAtOrBelow(string path, string parent) =>
        path.StartsWith(parent, StringComparison.Ordinal) && (path.Length == parent.Length || path[parent.Length] == '/');

    /// <summary>Whether a text contains a control character: in a name it can forge a line of /proc/mounts or of a log.</summary>
    public static bool HoldsControl(string text)
    {
        foreach (char c in text)
        {
            if (char.IsControl(c))
                return true;
        }

        return false;
    }

    public static int Depth(string path) => path.AsSpan().Count('/');
}
