using System.Buffers;
using Podspawn.Oci.Configuration.Yaml;
using Podspawn.Oci.Host;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Matrix.Files;

/// <summary>Reads <c>when</c>: comparisons such as <c>runsc &lt; 20250820</c>, joined by commas or in a list; all that name a runtime must hold for it.</summary>
internal static class ReleaseRangeReader
{
    private const string Example = "when: runsc < 20250820";

    // The versions of runtimes contain nothing else; a second comparison, or a comment, would be ignored.
    private static readonly SearchValues<char> ReleaseCharacters = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.+~-");

    private static readonly Dictionary<string, ReleaseRelation> Relations = new()
    {
        ["<"] = ReleaseRelation.Before,
        ["<="] = ReleaseRelation.UpTo,
        [">"] = ReleaseRelation.After,
        [">="] = ReleaseRelation.From,
        ["="] = ReleaseRelation.Is,
        ["!="] = ReleaseRelation.IsNot,
    };

    /// <summary>The range of each runtime; null where something is wrong.</summary>
    /// <param name="node">The value.</param>
    /// <param name="key">Its key.</param>
    /// <param name="runtimes">The entry's runtimes: each must have a range, and no other runtime may have one.</param>
    /// <param name="file">The reading.</param>
    public static IReadOnlyDictionary<string, ReleaseRange>? Read(YamlNode node, string key, IReadOnlyList<string> runtimes, FileReading file)
    {
        var bounds = new Dictionary<string, List<ReleaseBound>>();
        if (node is YamlSequence { Items: [] })
        {
            file.Diagnostics.Error(key, "is empty", $"for example {Example}, or leave the key away for every release", node);
            return null;
        }

        bool sound = true;
        YamlNode[] texts = node is YamlSequence list ? [.. list.Items] : [node];
        for (int i = 0; i < texts.Length; i++)
        {
            string textKey = node is YamlSequence ? $"{key}[{i}]" : key;
            sound &= file.Values.RequiredText(texts[i], textKey, Example) is { } text && ReadText(text, texts[i], textKey, runtimes, bounds, file);
        }

        return sound ? Whole(bounds, node, key, runtimes, file) : null;
    }

    private static bool ReadText(
        string text, YamlNode node, string key, IReadOnlyList<string> runtimes, Dictionary<string, List<ReleaseBound>> bounds, FileReading file)
    {
        string runtime = "";
        foreach (string part in text.Split(','))
        {
            int start = part.AsSpan().IndexOfAny("<>=!");
            if (start < 0)
                return Refuse($"{Printable.Quote(part.Trim())} is no comparison", $"for example {Example}");
            int end = part.AsSpan(start).IndexOfAnyExcept("<>=!") is > 0 and var length ? start + length : part.Length;
            string name = part[..start].Trim(), sign = part[start..end], release = part[end..].Trim();
            // The name need not be repeated: runsc >= 20240318, < 20250820.
            runtime = name.Length > 0 ? name : runtime;
            if (runtime.Length == 0)
                return Refuse($"{Printable.Quote(part.Trim())} names no runtime", $"for example {Example}");
            // A missing or empty section is already reported.
            if (runtimes.Count > 0 && !runtimes.Contains(runtime))
                return Refuse($"{Printable.Quote(runtime)} is none of the entry's runtimes", FileReading.Hint(runtime, runtimes));
            if (!Relations.TryGetValue(sign, out ReleaseRelation relation))
                return Refuse($"{Printable.Quote(sign)} is no comparison", $"write one of {string.Join(' ', Relations.Keys)}");
            RuntimeRelease than = RuntimeRelease.Parse(release);
            if (than.IsUnknown || release.AsSpan().ContainsAnyExcept(ReleaseCharacters))
                return Refuse($"{Printable.Quote(release)} is no release", $"write one as {runtime} --version tells it, such as 1.1.8 or 20250820");
            if (!bounds.TryGetValue(runtime, out List<ReleaseBound>? known))
                bounds[runtime] = known = [];
            known.Add(new ReleaseBound(relation, than));
        }

        return true;

        bool Refuse(string what, string hint)
        {
            file.Diagnostics.Error(key, what, hint, node);
            return false;
        }
    }

    private static Dictionary<string, ReleaseRange>? Whole(
        Dictionary<string, List<ReleaseBound>> bounds, YamlNode node, string key, IReadOnlyList<string> runtimes, FileReading file)
    {
        string[] missing = [.. runtimes.Where(name => !bounds.ContainsKey(name))];
        if (missing.Length > 0)
        {
            // A runtime without a range could mean always or never.
            file.Diagnostics.Error(key, $"says nothing of {string.Join(", ", missing)}", "name only the runtimes that it compares, as runtime: runsc", node);
            return null;
        }

        var ranges = bounds.ToDictionary(pair => pair.Key, pair => new ReleaseRange(pair.Value));
        foreach ((string runtime, ReleaseRange range) in ranges)
        {
            if (!range.Meets(ReleaseRange.Any))
            {
                file.Diagnostics.Error(key, $"no release of {runtime} can be all of that", "write an entry for each range: all of one have to hold", node);
                return null;
            }
        }

        return ranges;
    }
}
