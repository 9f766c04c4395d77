using Podspawn.Oci.Images.References;

namespace Podspawn.Oci.Images.Store;

/// <summary>
/// Docker's patterns of names (<c>reference=*box:1.*</c>): <c>*</c> and <c>?</c> stand for what is no slash, <c>[a-z]</c> for one of a set. A pattern
/// fits a name in full, without its tag, or as a user writes it in short.
/// </summary>
internal static class ReferencePattern
{
    internal static bool Fits(string name, string pattern) => Spellings(name).Any(spelling => Matches(spelling, pattern));

    private static IEnumerable<string> Spellings(string name)
    {
        yield return name;
        if (ImageName.OfStored(name) is not { } parsed)
            yield break;
        string selector = parsed.Digest is null ? $":{parsed.Tag}" : $"@{parsed.Digest}";
        yield return parsed.Repository;
        string path = parsed.Path;
        while (true)
        {
            yield return path;
            yield return path + selector;
            int slash = path.IndexOf('/');
            if (slash < 0)
                break;
            path = path[(slash + 1)..];
        }
    }

    // Without going back more than to the last star: a pattern of a user's own makes no work that grows with its stars.
    private static bool Matches(ReadOnlySpan<char> text, ReadOnlySpan<char> pattern)
    {
        int at = 0, p = 0, star = -1, resume = 0;
        while (at < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = at;
                continue;
            }
            if (p < pattern.Length && One(text[at], pattern, p, out int next))
            {
                at++;
                p = next;
                continue;
            }
            if (star < 0 || text[resume] == '/')
                return false;
            p = star + 1;
            at = ++resume;
        }
        while (p < pattern.Length && pattern[p] == '*')
            p++;
        return p == pattern.Length;
    }

    private static bool One(char c, ReadOnlySpan<char> pattern, int p, out int next)
    {
        next = p + 1;
        if (pattern[p] == '?')
            return c != '/';
        int end = pattern[p] == '[' ? pattern[p..].IndexOf(']') : -1;
        if (end < 2)
            return pattern[p] == c;
        next = p + end + 1;
        ReadOnlySpan<char> set = pattern.Slice(p + 1, end - 1);
        bool negated = set[0] is '^' or '!';
        set = negated ? set[1..] : set;
        bool found = false;
        for (int i = 0; i < set.Length; i++)
        {
            bool isRange = i + 2 < set.Length && set[i + 1] == '-';
            found |= isRange ? c >= set[i] && c <= set[i + 2] : c == set[i];
            i += isRange ? 2 : 0;
        }
        return found != negated && c != '/';
    }
}
