using System.Globalization;
using System.Text.RegularExpressions;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Images.Building;

/// <summary>The instructions that docker import accepts, one rule each.</summary>
internal static partial class ChangeInstruction
{
    private const string Known = "CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME or WORKDIR";
    private const int LastPort = 65535;
    private const int LastSignal = 64;

    // signal(7), Linux on x86 and arm.
    private static readonly HashSet<string> Signals =
    [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "IOT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CLD", "CONT", "STOP", "TSTP",
        "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "POLL", "PWR", "SYS", "RTMIN", "RTMAX",
        .. Enumerable.Range(1, 15).Select(n => string.Create(CultureInfo.InvariantCulture, $"RTMIN+{n}")),
        .. Enumerable.Range(1, 14).Select(n => string.Create(CultureInfo.InvariantCulture, $"RTMAX-{n}")),
    ];

    /// <summary>Applies one more instruction to the image.</summary>
    /// <exception cref="ImageException">The line is not an instruction, or is wrong.</exception>
    internal static ImageChanges Apply(ImageChanges image, string line)
    {
        int end = line.AsSpan().IndexOfAny(' ', '\t');
        string name = (end < 0 ? line : line[..end]).ToUpperInvariant();
        string rest = end < 0 ? "" : line[end..].Trim();
        try
        {
            if (line.Contains('\0'))
                throw new FormatException("has a NUL in it; leave that away");
            return name switch
            {
                "CMD" => image with { Command = Run(rest) },
                "ENTRYPOINT" => image with { Entrypoint = Run(rest) },
                "ENV" => image with { Environment = Merge(image.Environment, Pairs(image, rest)) },
                "LABEL" => image with { Labels = Merge(image.Labels, Pairs(image, rest)) },
                "USER" => image with { User = One(image, rest) },
                "WORKDIR" => image with { WorkingDirectory = Directory(One(image, rest), image.WorkingDirectory ?? "/") },
                "EXPOSE" => image with { ExposedPorts = [.. image.ExposedPorts.Union(Several(image, rest).SelectMany(Ports))] },
                "VOLUME" => image with { Volumes = [.. image.Volumes.Union(Volumes(image, rest))] },
                "STOPSIGNAL" => image with { StopSignal = Signal(One(image, rest)) },
                "HEALTHCHECK" or "ONBUILD" => throw new FormatException($"an OCI image has no place for it; use {Known}"),
                _ => throw new FormatException($"is no instruction that changes an image; use {Known}"),
            };
        }
        catch (FormatException e)
        {
            throw new ImageException($"{Setting.Change}: '{Printable.Clean(line, 300)}': {e.Message}");
        }
    }

    private static IReadOnlyList<string> Run(string rest) => rest.Length == 0
        ? throw new FormatException("says no command; write [\"COMMAND\", \"ARGUMENT\"], a shell's command line, or [] for none")
        : ChangeText.JsonList(rest) ?? ["/bin/sh", "-c", rest];

    private static IEnumerable<KeyValuePair<string, string>> Pairs(ImageChanges image, string rest)
    {
        IReadOnlyList<string> words = ChangeText.Words(rest);
        if (words.Count == 0)
            throw new FormatException("says nothing; write NAME=VALUE");
        // The old form: one name, and the rest of the line is its value.
        if (!words[0].Contains('='))
        {
            string[] parts = Blanks().Split(rest, 2);
            return parts.Length == 2 ? [Pair(image, parts[0], parts[1])] : throw new FormatException("has no value; write NAME=VALUE");
        }
        return [.. words.Select(word => word.IndexOf('=') is > -1 and int equals
            ? Pair(image, word[..equals], word[(equals + 1)..])
            : throw new FormatException($"'{word}' has no '='; write NAME=VALUE, and put a value with blanks in quotes"))];
    }

    private static KeyValuePair<string, string> Pair(ImageChanges image, string name, string value)
    {
        string expanded = Expand(image, name);
        return expanded.Length == 0 || expanded.Contains('=')
            ? throw new FormatException($"'{expanded}' cannot be a name; write NAME=VALUE")
            : new KeyValuePair<string, string>(expanded, Expand(image, value));
    }

    private static List<KeyValuePair<string, string>> Merge(IEnumerable<KeyValuePair<string, string>> old, IEnumerable<KeyValuePair<string, string>> more)
    {
        var merged = old.ToList();
        foreach (KeyValuePair<string, string> pair in more)
        {
            int at = merged.FindIndex(other => other.Key == pair.Key);
            if (at >= 0)
                merged[at] = pair;
            else
                merged.Add(pair);
        }
        return merged;
    }

    private static string One(ImageChanges image, string rest)
    {
        string value = Expand(image, rest);
        if (value.Length == 0)
            throw new FormatException("says nothing; write one value");
        return ChangeText.Words(rest).Count == 1 ? value : throw new FormatException("takes one value; put one with blanks in quotes");
    }

    private static string Directory(string path, string current) => Path.GetFullPath(path, current).TrimEnd('/') is { Length: > 0 } full ? full : "/";

    private static IReadOnlyList<string> Several(ImageChanges image, string rest)
    {
        // A variable may contain several values; a quoted text is one.
        IReadOnlyList<string> values = [.. ChangeText.Words(rest)
            .SelectMany(word => word.AsSpan().ContainsAny('\'', '"') ? [Expand(image, word)] : Blanks().Split(Expand(image, word)))
            .Where(value => value.Length > 0)];
        return values.Count > 0 ? values : throw new FormatException("says nothing; write at least one value");
    }

    private static IReadOnlyList<string> Volumes(ImageChanges image, string rest)
    {
        IReadOnlyList<string> paths = ChangeText.JsonList(rest)?.Select(path => Expand(image, path)).ToList() ?? Several(image, rest);
        if (paths.Count == 0)
            throw new FormatException("says nothing; write at least one path");
        // Other paths cannot be mounted by any engine.
        return paths.FirstOrDefault(path => !path.StartsWith('/') || Directory(path, "/") == "/") is { } bad
            ? throw new FormatException($"'{bad}' cannot be a volume's path; write an absolute one, other than the root directory")
            : paths;
    }

    private static IEnumerable<string> Ports(string text)
    {
        Match match = PortPattern().Match(text);
        string protocol = match.Groups["protocol"] is { Success: true } given ? given.Value.ToLowerInvariant() : "tcp";
        if (!match.Success || !Port(match.Groups["first"].Value, out int first)
            || !Port(match.Groups["last"] is { Success: true } group ? group.Value : match.Groups["first"].Value, out int last) || first > last)
            throw new FormatException($"'{text}' is no port; write PORT or FIRST-LAST, with /tcp, /udp or /sctp where it is not tcp");
        return Enumerable.Range(first, last - first + 1).Select(port => string.Create(CultureInfo.InvariantCulture, $"{port}/{protocol}"));
    }

    private static bool Port(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= LastPort;

    private static string Signal(string text)
    {
        bool known = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number is > 0 and <= LastSignal
            : Signals.Contains(text.ToUpperInvariant() is ['S', 'I', 'G', .. string name] ? name : text.ToUpperInvariant());
        return known ? text : throw new FormatException($"'{text}' is no signal; write a name such as SIGTERM, or a number");
    }

    private static string Expand(ImageChanges image, string word) => ChangeExpansion.Of(word, image.Environment);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^(?<first>[0-9]+)(?:-(?<last>[0-9]+))?(?:/(?<protocol>tcp|udp|sctp))?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PortPattern();
}
