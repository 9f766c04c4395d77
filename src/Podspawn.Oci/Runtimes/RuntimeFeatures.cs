using System.Globalization;
using System.Text.Json;
using Podspawn.Oci.Capabilities;

namespace Podspawn.Oci.Runtimes;

/// <summary>
/// A runtime's answer to <c>features</c> (OCI runtime spec, features.md), as far as we use it: where the runtime has the verb, its answer takes
/// precedence over what is known of its release.
/// </summary>
/// <param name="Capabilities">The capabilities that it knows by name.</param>
/// <param name="MountOptions">The mount options that it knows, each surrounded by spaces.</param>
/// <param name="Annotations">The annotations that it honours, each surrounded by spaces.</param>
public sealed record RuntimeFeatures(CapabilitySet Capabilities, string MountOptions, string Annotations)
{
    private const int Fields = 3;
    private const char Between = '\t';

    /// <summary>Whether the runtime knows the mount option.</summary>
    public bool KnowsMountOption(string option) => Holds(MountOptions, option);

    /// <summary>Whether the runtime honours the annotation.</summary>
    public bool HeedsAnnotation(string annotation) => Holds(Annotations, annotation);

    /// <summary>Parses an answer; null where it is not one, or lists no capabilities.</summary>
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

    /// <summary>Serializes the features to one line, for <see cref="FromLine"/>.</summary>
    internal string ToLine() => string.Join(Between, Capabilities.Mask.ToString("x", CultureInfo.InvariantCulture), MountOptions, Annotations);

    /// <summary>Parses a line of <see cref="ToLine"/>; null for any other line.</summary>
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

    // A text with white space is no name, and would break the line.
    private static string Listed(IEnumerable<string> words) =>
        $" {string.Join(' ', words.Where(word => word.Length > 0 && !word.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))))} ";
}
