using System.Globalization;

namespace Podspawn.Oci.Host;

/// <summary>
/// The release of a runtime that a version text names, for comparisons. Distributions' additions are ignored: <c>1.1.5+ds1</c> and
/// <c>1.1.12-0ubuntu2~22.04.1</c> are 1.1.5 and 1.1.12. gVisor's releases are days: <c>release-20260817.0-12-gabc</c> and <c>0.0~20221219.0</c>. A
/// text that names no release counts as newer than every other.
/// </summary>
public readonly record struct RuntimeRelease : IComparable<RuntimeRelease>
{
    private const int DayDigits = 8;
    private const int Final = int.MaxValue;

    private readonly int major;
    private readonly int minor;
    private readonly int patch;
    private readonly int candidate;
    private readonly int commits;

    private RuntimeRelease(int major, int minor, int patch, int candidate, int commits) =>
        (this.major, this.minor, this.patch, this.candidate, this.commits) = (major, minor, patch, candidate, commits);

    /// <summary>Whether the text named no release.</summary>
    public bool IsUnknown => this == Unknown;

    /// <summary>Stands for a text that names no release.</summary>
    internal static RuntimeRelease Unknown { get; } = new(int.MaxValue, int.MaxValue, int.MaxValue, Final, int.MaxValue);

    /// <summary>Parses a version text as a runtime reports it.</summary>
    public static RuntimeRelease Parse(string version)
    {
        ReadOnlySpan<char> text = version.AsSpan().Trim();
        if (DayAt(text) is var day and >= 0)
            return OfDay(text[day..]);
        if (text.StartsWith("v"))
            text = text[1..];
        if (!TakeNumber(ref text, out int major) || !TakeDotted(ref text, out int minor))
            return Unknown;
        _ = TakeDotted(ref text, out int patch);
        return new RuntimeRelease(major, minor, patch, Candidate(text), commits: 0);
    }

    /// <inheritdoc/>
    public int CompareTo(RuntimeRelease other) =>
        (major, minor, patch, candidate, commits).CompareTo((other.major, other.minor, other.patch, other.candidate, other.commits));

    /// <summary>Whether it is older.</summary>
    public static bool operator <(RuntimeRelease left, RuntimeRelease right) => left.CompareTo(right) < 0;

    /// <summary>Whether it is newer.</summary>
    public static bool operator >(RuntimeRelease left, RuntimeRelease right) => left.CompareTo(right) > 0;

    /// <summary>Whether it is not newer.</summary>
    public static bool operator <=(RuntimeRelease left, RuntimeRelease right) => left.CompareTo(right) <= 0;

    /// <summary>Whether it is not older.</summary>
    public static bool operator >=(RuntimeRelease left, RuntimeRelease right) => left.CompareTo(right) >= 0;

    /// <summary><c>1.2.0-rc.3</c>, <c>20260817.0</c>; <c>unknown</c> for none.</summary>
    public override string ToString()
    {
        if (IsUnknown)
            return "unknown";
        if (IsDay)
            return string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}{(commits > 0 ? $"+{commits}" : "")}");
        return string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}.{patch}{(candidate == Final ? "" : $"-rc.{candidate}")}");
    }

    private bool IsDay => major >= 20_000_000;

    // Eight digits that begin with the century and are not part of a longer number.
    private static int DayAt(ReadOnlySpan<char> text)
    {
        for (int i = 0; i + DayDigits <= text.Length; i++)
        {
            bool alone = (i == 0 || !char.IsAsciiDigit(text[i - 1])) && (i + DayDigits == text.Length || !char.IsAsciiDigit(text[i + DayDigits]));
            if (alone && text[i..].StartsWith("20") && !text.Slice(i, DayDigits).ContainsAnyExceptInRange('0', '9') && IsDayStart(text[..i]))
                return i;
        }
        return -1;
    }

    // "release-", and Debian's "0.0~" and "0.0-": elsewhere it is the day of a build.
    private static bool IsDayStart(ReadOnlySpan<char> before) => before.IsEmpty || before is "release-" || before.StartsWith("0.0");

    // DAY.N, and the commits since then in the form of git describe: -N-gHASH.
    private static RuntimeRelease OfDay(ReadOnlySpan<char> text)
    {
        _ = TakeNumber(ref text, out int day);
        _ = TakeDotted(ref text, out int number);
        int commits = 0;
        if (text.StartsWith("-"))
        {
            text = text[1..];
            if (!TakeNumber(ref text, out commits) || !(text.IsEmpty || text.StartsWith("-g")))
                commits = 0;
        }
        return new RuntimeRelease(day, number, 0, Final, commits);
    }

    // -rc.3, -rc3, ~rc93 (Debian's).
    private static int Candidate(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] is not ('-' or '~') || !text[1..].StartsWith("rc"))
            return Final;
        text = text[3..];
        if (text.StartsWith("."))
            text = text[1..];
        return TakeNumber(ref text, out int number) ? number : 0;
    }

    private static bool TakeDotted(ref ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        if (!text.StartsWith("."))
            return false;
        ReadOnlySpan<char> rest = text[1..];
        if (!TakeNumber(ref rest, out number))
            return false;
        text = rest;
        return true;
    }

    private static bool TakeNumber(ref ReadOnlySpan<char> text, out int number)
    {
        int digits = text.IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : text.Length;
        if (!int.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out number))
            return false;
        text = text[digits..];
        return true;
    }
}
