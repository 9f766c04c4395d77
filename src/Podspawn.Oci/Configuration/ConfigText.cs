using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Configuration;

/// <summary>Writes a config as text.</summary>
public static class ConfigText
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = VisibleJson.Encoder };

    /// <summary>
    /// The config in effect as JSON, which is YAML too: every honoured key, except those that are null (<c>masked_paths</c>, <c>readonly_paths</c>, <c>egress</c>,
    /// <c>shell</c> and <c>image</c>). <see cref="ConfigLoader.Parse"/> reads it back to equal values.
    /// </summary>
    public static string Of(PodspawnConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteStartObject("security");
            Write(json, config.Security);
            json.WriteEndObject();
            json.WriteStartObject("defaults");
            Write(json, config.Defaults);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void Write(Utf8JsonWriter json, SecurityConfig security)
    {
        Texts(json, "cap_drop", security.CapDrop);
        Texts(json, "cap_add", security.CapAdd);
        json.WriteBoolean("no_new_privileges", security.NoNewPrivileges);
        json.WriteNumber("pids_limit", security.PidsLimit);
        json.WriteBoolean("readonly_rootfs", security.ReadonlyRootfs);
        json.WriteStartObject("tmpfs");
        foreach ((string path, string options) in security.Tmpfs)
            json.WriteString(Encoded(path), Encoded(options));
        json.WriteEndObject();
        json.WriteString("runtime", Encoded(security.Runtime));
        json.WriteString("seccomp", Encoded(security.Seccomp));
        Texts(json, "masked_paths", security.MaskedPaths);
        Texts(json, "readonly_paths", security.ReadonlyPaths);
        Texts(json, "devices", security.Devices);
        json.WriteString("network", Encoded(security.Network));
        if (security.Egress is not { } egress)
            return;
        json.WriteStartObject("egress");
        json.WriteString("default", Encoded(egress.Default));
        Texts(json, "allow", egress.Allow);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, LaunchDefaults defaults)
    {
        json.WriteNumber("cpus", defaults.Cpus);
        json.WriteNumber("memory", defaults.Memory);
        if (defaults.Shell is { } shell)
            json.WriteString("shell", Encoded(shell));
        if (defaults.Image is { } image)
            json.WriteString("image", Encoded(image));
    }

    private static void Texts(Utf8JsonWriter json, string key, IReadOnlyList<string>? texts)
    {
        if (texts is null)
            return;
        json.WriteStartArray(key);
        foreach (string text in texts)
            json.WriteStringValue(Encoded(text));
        json.WriteEndArray();
    }

    // Invisible characters are written as escapes, since a YAML text must not contain them raw.
    private static JsonEncodedText Encoded(string text) =>
        JsonEncodedText.Encode(text, InvisibleText.FirstIn(text) is null ? VisibleJson.Encoder : JavaScriptEncoder.Default);
}
