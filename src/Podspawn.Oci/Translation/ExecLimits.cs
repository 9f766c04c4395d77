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

    public static bool IsTooLong(string text) => text.Length > LongestText / 4 && Encoding.UTF8.GetByteCount(text) > LongestText;
}
