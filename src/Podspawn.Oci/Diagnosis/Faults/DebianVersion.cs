namespace Podspawn.Oci.Diagnosis.Faults;

/// <summary>The order of package versions by deb-version(7): epoch, upstream version, revision.</summary>
internal static class DebianVersion
{
    /// <summary>Negative where the left one is older, 0 where both are the same, positive where it is newer.</summary>
    public static int Compare(string left, string right)
    {
        (string Epoch, string Upstream, string Revision) one = Parts(left), other = Parts(right);
        int order = CompareParts(one.Epoch, other.Epoch);
        if (order == 0)
            order = CompareParts(one.Upstream, other.Upstream);
        return order == 0 ? CompareParts(one.Revision, other.Revision) : order;
    }

    private static (string Epoch, string Upstream, string Revision) Parts(string version)
    {
        int colon = version.IndexOf(':', StringComparison.Ordinal);
        string epoch = colon < 0 ? "0" : version[..colon];
        string rest = version[(colon + 1)..];
        int dash = rest.LastIndexOf('-');
        return dash < 0 ? (epoch, rest, "0") : (epoch, rest[..dash], rest[(dash + 1)..]);
    }

    // In turn: a part without digits, compared by characters, and a number, compared by its value.
    private static int CompareParts(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        while (left.Length > 0 || right.Length > 0)
        {
            int order = CompareWords(Take(ref left, digits: false), Take(ref right, digits: false));
            if (order == 0)
                order = CompareNumbers(Take(ref left, digits: true), Take(ref right, digits: true));
            if (order != 0)
                return order;
        }

        return 0;
    }

    private static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> text, bool digits)
    {
        int end = 0;
        while (end < text.Length && char.IsAsciiDigit(text[end]) == digits)
            end++;
        ReadOnlySpan<char> taken = text[..end];
        text = text[end..];
        return taken;
    }

    private static int CompareWords(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        for (int i = 0; i < Math.Max(left.Length, right.Length); i++)
        {
            int order = Weight(left, i).CompareTo(Weight(right, i));
            if (order != 0)
                return order;
        }

        return 0;
    }

    // A tilde sorts before the end, and letters before everything else.
    private static int Weight(ReadOnlySpan<char> word, int at)
    {
        if (at >= word.Length)
            return 0;
        char c = word[at];
        return c == '~' ? -1 : char.IsAsciiLetter(c) ? c : c + 256;
    }

    private static int CompareNumbers(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        left = left.TrimStart('0');
        right = right.TrimStart('0');
        return left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
    }
}
