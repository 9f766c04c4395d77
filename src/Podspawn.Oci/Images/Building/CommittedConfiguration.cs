using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Podspawn.Oci.Images.Documents;

namespace Podspawn.Oci.Images.Building;

/// <summary>How a container was run that becomes an image.</summary>
/// <param name="Arguments">Its command with the arguments.</param>
/// <param name="Environment">NAME=value.</param>
/// <param name="WorkingDirectory">Its working directory.</param>
/// <param name="User">Its user, by number, where that is not root; else null.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Volumes">Paths of mounts that become volumes of the image.</param>
public sealed record CommittedProcess(
    IReadOnlyList<string> Arguments, IReadOnlyList<string> Environment, string WorkingDirectory, string? User, IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<string> Volumes);

/// <summary>
/// The configuration of an image that is made of a container: the one of the image below, with how the container was run and what the changes say
/// over it (OCI image spec, config.md).
/// </summary>
internal static class CommittedConfiguration
{
    // Variables that a launch sets for each container by itself.
    private static readonly string[] OfTheLaunch = ["HOSTNAME", "TERM", "HOME", "container"];

    /// <summary>How the new image asks to be run.</summary>
    /// <param name="below">The image below.</param>
    /// <param name="process">How the container was run.</param>
    /// <param name="instructions">The changes.</param>
    /// <exception cref="ImageException">An instruction is wrong.</exception>
    internal static ImageChanges Changed(ImageSettings below, CommittedProcess process, IReadOnlyList<string> instructions)
    {
        IReadOnlyList<string> entrypoint = [.. (below.Entrypoint ?? []).OfType<string>()];
        bool begins = entrypoint.Count > 0 && process.Arguments.Take(entrypoint.Count).SequenceEqual(entrypoint);
        var image = new ImageChanges
        {
            Entrypoint = begins ? entrypoint : [],
            Command = begins ? [.. process.Arguments.Skip(entrypoint.Count)] : process.Arguments,
            Environment = Environment(below, process),
            User = below.User is { Length: > 0 } user ? user : process.User,
            WorkingDirectory = process.WorkingDirectory == "/" && below.WorkingDir is null or "" ? null : process.WorkingDirectory,
            ExposedPorts = [.. below.ExposedPorts?.Keys ?? []],
            Volumes = [.. below.Volumes?.Keys ?? [], .. process.Volumes],
            Labels = [.. (below.Labels ?? new Dictionary<string, string?>()).Where(label => !process.Labels.ContainsKey(label.Key))
                .Select(label => KeyValuePair.Create(label.Key, label.Value ?? "")), .. process.Labels],
            StopSignal = below.StopSignal is { Length: > 0 } signal ? signal : null,
        };
        string[] lines = [.. instructions.SelectMany(ChangeText.Lines)];
        ImageChanges changed = lines.Aggregate(image, ChangeInstruction.Apply);
        // As in docker's builder: a new entry point does not get the arguments that were meant for another.
        return Says(lines, "ENTRYPOINT") && !Says(lines, "CMD") ? changed with { Command = [] } : changed;
    }

    /// <summary>The configuration's JSON.</summary>
    internal static byte[] Write(ImageDetails below, ImageChanges image, ImagePlatform platform, string? author, ImageHistory step, IReadOnlyList<string> contents)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("created", step.Created);
            Text(json, "author", author ?? below.Author);
            json.WriteString("architecture", platform.Architecture);
            Text(json, "variant", platform.Variant);
            json.WriteString("os", platform.Os);
            json.WriteStartObject("config");
            Settings(json, image, below.Config?.Healthcheck);
            json.WriteEndObject();
            json.WriteStartObject("rootfs");
            json.WriteString("type", "layers");
            Texts(json, "diff_ids", contents);
            json.WriteEndObject();
            json.WriteStartArray("history");
            foreach (ImageHistory earlier in (below.History ?? []).OfType<ImageHistory>().Append(step))
                History(json, earlier);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>A step's time.</summary>
    internal static string TimeText(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    private static void Settings(Utf8JsonWriter json, ImageChanges image, JsonElement? healthcheck)
    {
        Text(json, "User", image.User);
        Keys(json, "ExposedPorts", image.ExposedPorts);
        Texts(json, "Env", [.. image.Environment.Select(variable => $"{variable.Key}={variable.Value}")]);
        Texts(json, "Entrypoint", image.Entrypoint);
        Texts(json, "Cmd", image.Command);
        Keys(json, "Volumes", image.Volumes);
        Text(json, "WorkingDir", image.WorkingDirectory);
        if (image.Labels.Count > 0)
        {
            json.WriteStartObject("Labels");
            foreach (KeyValuePair<string, string> label in image.Labels)
                json.WriteString(label.Key, label.Value);
            json.WriteEndObject();
        }
        Text(json, "StopSignal", image.StopSignal);
        if (healthcheck is { ValueKind: JsonValueKind.Object } check)
        {
            json.WritePropertyName("Healthcheck");
            check.WriteTo(json);
        }
    }

    private static List<KeyValuePair<string, string>> Environment(ImageSettings below, CommittedProcess process)
    {
        HashSet<string> known = [.. (below.Env ?? []).OfType<string>().Select(NameOf)];
        var variables = new List<KeyValuePair<string, string>>();
        foreach (string variable in process.Environment.Where(variable => variable.IndexOf('=') > 0))
        {
            string name = NameOf(variable);
            if (OfTheLaunch.Contains(name) && !known.Contains(name))
                continue;
            variables.RemoveAll(earlier => earlier.Key == name);
            variables.Add(KeyValuePair.Create(name, variable[(name.Length + 1)..]));
        }
        return variables;
    }

    private static string NameOf(string variable) => variable.Split('=', 2)[0];

    private static bool Says(IEnumerable<string> lines, string instruction) =>
        lines.Any(line => line.Split([' ', '\t'], 2)[0].Equals(instruction, StringComparison.OrdinalIgnoreCase));

    private static void History(Utf8JsonWriter json, ImageHistory step)
    {
        json.WriteStartObject();
        Text(json, "created", step.Created);
        Text(json, "created_by", step.CreatedBy);
        Text(json, "author", step.Author);
        Text(json, "comment", step.Comment);
        if (step.EmptyLayer)
            json.WriteBoolean("empty_layer", true);
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is { Length: > 0 })
            json.WriteString(name, value);
    }

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void Keys(Utf8JsonWriter json, string name, IReadOnlyList<string> keys)
    {
        if (keys.Count == 0)
            return;
        json.WriteStartObject(name);
        foreach (string key in keys.Distinct())
        {
            json.WriteStartObject(key);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
