using System.Buffers;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Host;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Lifecycle.Executing;

/// <summary>An additional process of a container, resolved.</summary>
internal sealed record ExecProcess
{
    internal required IReadOnlyList<string> Arguments { get; init; }

    internal required IReadOnlyList<string> Environment { get; init; }

    internal required string WorkingDirectory { get; init; }

    /// <summary>The working directory, opened with O_PATH, where it must not be looked up once more; null where it is the root, or not on the host's kernel.</summary>
    internal SafeFileHandle? Directory { get; init; }

    /// <summary>The limit of open files, where the runtime may give another than the container has; null where it does not.</summary>
    internal (ulong Soft, ulong Hard)? OpenFiles { get; init; }

    /// <summary>Null for the container's own user, groups included.</summary>
    internal ProcessUser? User { get; init; }

    internal bool Terminal { get; init; }

    /// <summary>How many descriptors of our caller, from 3 on, it has.</summary>
    internal int PreservedDescriptors { get; init; }

    internal (int Rows, int Columns)? TerminalSize { get; init; }

    /// <summary>Writes the process.json: what is not set here is the container's own.</summary>
    internal ReadOnlyMemory<byte> Serialize(ContainerProcess container, RuntimeTraits traits)
    {
        var bytes = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        foreach (JsonProperty property in container.Json.EnumerateObject())
        {
            if (!IsOurs(property.Name))
                property.WriteTo(json);
        }
        json.WriteBoolean("terminal", Terminal);
        if (TerminalSize is (int rows, int columns))
        {
            json.WriteStartObject("consoleSize");
            json.WriteNumber("height", rows);
            json.WriteNumber("width", columns);
            json.WriteEndObject();
        }
        WriteStrings(json, "args", Directory is null ? Arguments : ExecShim.Before(Arguments, PreservedDescriptors, OpenFiles));
        WriteStrings(json, "env", Environment);
        json.WriteString("cwd", Directory is null ? WorkingDirectory : ExecShim.WorkingDirectory);
        if (User is not null)
            WriteUser(json, User, container, traits);
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenMemory;
    }

    private bool IsOurs(string property) => property is "terminal" or "consoleSize" or "args" or "env" or "cwd" || (User is not null && property is "user" or "capabilities");

    private static void WriteUser(Utf8JsonWriter json, ProcessUser user, ContainerProcess container, RuntimeTraits traits)
    {
        json.WriteStartObject("user");
        json.WriteNumber("uid", user.Uid);
        json.WriteNumber("gid", user.Gid);
        json.WriteStartArray("additionalGids");
        foreach (uint gid in user.Groups)
            json.WriteNumberValue(gid);
        json.WriteEndArray();
        if (container.Json.GetProperty("user").TryGetProperty("umask", out JsonElement umask))
        {
            json.WritePropertyName("umask");
            umask.WriteTo(json);
        }
        json.WriteEndObject();
        if (container.Json.TryGetProperty("capabilities", out JsonElement sets) && sets.TryGetProperty("bounding", out JsonElement bounding))
            WriteCapabilities(json, bounding, keepsNone: user.Uid != 0 && traits.OtherUsersKeepCapabilities);
    }

    // The sets are those of a container launched for that user: inheritable and ambient stay empty (CVE-2022-24769), and for a runtime that does not
    // do it, the sets that the kernel would take from a user other than root are left out.
    private static void WriteCapabilities(Utf8JsonWriter json, JsonElement bounding, bool keepsNone)
    {
        json.WriteStartObject("capabilities");
        foreach (string set in new[] { "bounding", "effective", "permitted", "inheritable", "ambient" })
        {
            json.WritePropertyName(set);
            if (set == "bounding" || (set is "effective" or "permitted" && !keepsNone))
            {
                bounding.WriteTo(json);
                continue;
            }
            json.WriteStartArray();
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> strings)
    {
        json.WriteStartArray(name);
        foreach (string one in strings)
            json.WriteStringValue(one);
        json.WriteEndArray();
    }
}
