namespace Podspawn.Oci.Text;

/// <summary>Finds the word that the user probably meant.</summary>
public static class Suggestion
{
    // No user mistypes a word this long; and the table of distances stays small whatever a file contains.
    private const int LongestWord = 64;

    /// <summary>
    /// The candidate that is nearest to the word, whatever the case, or null where none is near: at most one letter in three inserted, left out,
    /// changed, or swapped with its neighbour.
    /// </summary>
    public static string? Closest(string word, IEnumerable<string> candidates)
    {
        if (word.Length is 0 or > LongestWord)
            return null;

        string? closest = null;
        int least = int.MaxValue;
        foreach (string candidate in candidates)
        {
            if (candidate.Length > LongestWord)
                continue;
            int allowed = Math.Max(1, Math.Max(word.Length, candidate.Length) / 3);
            if (Math.Abs(word.Length - candidate.Length) > allowed)
                continue;
            int distance = Distance(word, candidate);
            if (distance <= allowed && distance < least && distance < Math.Max(word.Length, candidate.Length))
                (closest, least) = (candidate, distance);
        }

        return closest;
    }

    /// <summary>The hint that names the word that was probably meant; null where none is near.</summary>
    public static string? DidYouMean(string word, IEnumerable<string> candidates) => DidYouMean(Closest(word, candidates));

    /// <summary>The hint that names a word; null for none.</summary>
    public static string? DidYouMean(string? closest) => closest is null ? null : $"did you mean {closest}?";

    /// <summary>The Damerau-Levenshtein distance (optimal string alignment), letters compared in any case.</summary>
    private static int Distance(string a, string b)
    {
        Span<int> beforeLast = stackalloc int[b.Length + 1];
        Span<int> last = stackalloc int[b.Length + 1];
        Span<int> row = stackalloc int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
            row[j] = j;

        for (int i = 1; i <= a.Length; i++)
        {
            Span<int> free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                bool same = Same(a[i - 1], b[j - 1]);
                row[j] = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }
        }

        return row[b.Length];
    }

    private static bool Same(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
