using System.Text;

namespace Podspawn.Oci.Translation;

/// <summary>The limits of execve(2). A hostile image or bundle is refused at once, before work is done that grows with its texts.</summary>
internal static class ExecLimits
{
    /// <summary>The longest argument or environment variable in bytes: MAX_ARG_STRLEN less its NUL (linux/binfmts.h).</summary>
    public const int LongestText = 131_071;

    /// <summary>The most supplementary groups of a process: NGROUPS_MAX (linux/limits.h).</summary>
    public const int MostGroups = 65_536;

    /// <summary>The longest path in bytes: PATH_MAX less its NUL (linux/limits.h).</summary>
    public const int LongestPath = 4095;

    /// <summary>Whether the kernel refuses so much at once: with their pointers they may fill a quarter of the stack, and 6 MiB at most (fs/exec.c).</summary>
    /// <param name="texts">The arguments and the environment.</param>
    /// <param name="stack">The limit on the stack, in bytes.</param>
    public static bool AreTooMuch(IEnumerable<string> texts, ulong stack)
    {
        const long Most = 6 << 20, Least = 128 * 1024, Pointer = 8;
        long all = texts.Sum(text => Encoding.UTF8.GetByteCount(text) + 1 + Pointer);
        return all > Math.Max(Least, (long)Math.Min(Most, stack / 4));
    }

    public static bool IsTooLong(string text) => text.Length > LongestText / 4 && Encoding.UTF8.GetByteCount(text) > LongestText;
}
