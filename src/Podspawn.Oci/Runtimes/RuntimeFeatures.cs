using System.Globalization;
using System.Text.Json;
using Podspawn.Oci.Capabilities;

namespace Podspawn.Oci.Runtimes;

/// <summary>
/// What a runtime says of itself to <c>features</c> (OCI runtime spec, features.md), as far as we ask: where it has the verb its own word counts,
/// and not what its release is known for.
/// </summary>
/// <param name="Capabilities">The capabilities that it knows by name.</param>
/// <param name="MountOptions">The mount options that it knows, each between two spaces.</param>
/// <param name="Annotations">The annotations that it heeds, each between two spaces.</param>
public sealed record RuntimeFeatures(CapabilitySet Capabilities, string MountOptions, string Annotations)
{
    private const int Fields = 3;
    private const char Between = '\t';

    /// <summary>Whether it knows the mount option.</summary>
    public bool KnowsMountOption(string option) => Holds(MountOptions, option);

    /// <summary>Whether it heeds the annotation.</summary>
    public bool HeedsAnnotation(string annotation) => Holds(Annotations, annotation);

    /// <summary>Reads an answer; null for one that is none, or that tells of no capabilities.</summary>
    internal static RuntimeFeatures? Parse(string answer)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(answer);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("linux", out JsonElement linux) || linux.ValueKind != JsonValueKind.Object)
                return null;
            CapabilitySet capabilities = CapabilityNames.SetOf(Texts(linux, "capabilities"));
            return capabilities.Count == 0 ? null : new RuntimeFeatures(capabilities, Listed(Texts(root, "mountOptions")), Listed(Names(root, "annotations")));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>One line, for <see cref="FromLine"/>.</summary>
    internal string ToLine() => string.Join(Between, Capabilities.Mask.ToString("x", CultureInfo.InvariantCulture), MountOptions, Annotations);

    /// <summary>What <see cref="ToLine"/> wrote; null for anything else.</summary>
    internal static RuntimeFeatures? FromLine(string line) =>
        line.Split(Between) is { Length: Fields } fields && ulong.TryParse(fields[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong mask)
            ? new RuntimeFeatures(new CapabilitySet(mask), fields[1], fields[2])
            : null;

    private static bool Holds(string list, string word) => list.Contains($" {word} ", StringComparison.Ordinal);

    private static IEnumerable<string> Texts(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(element => element.ValueKind == JsonValueKind.String).Select(element => element.GetString()!)
            : [];

    private static IEnumerable<string> Names(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement map) && map.ValueKind == JsonValueKind.Object ? map.EnumerateObject().Select(member => member.Name) : [];

    // What holds white space is the name of nothing, and would break the line.
    private static string Listed(IEnumerable<string> words) => $" {string.Join(' ', words.Where(word => word.Length > 0 && !word.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))))} ";
}
