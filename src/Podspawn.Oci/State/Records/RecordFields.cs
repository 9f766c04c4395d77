using System.Buffers;
using System.Text.Json;

namespace Podspawn.Oci.State.Records;

/// <summary>
/// Records as JSON objects, field by field. They are read and written by hand: the serializer takes longer to build its tables for a type than most
/// verbs run.
/// </summary>
/// <remarks>A field of the wrong type throws an <see cref="InvalidOperationException"/> or a <see cref="FormatException"/>.</remarks>
internal static class RecordFields
{
    private const int UsualLength = 2048;

    /// <summary>Serializes an object with these fields.</summary>
    internal static ReadOnlySpan<byte> Serialize<T>(T record, Action<Utf8JsonWriter, T> fields)
        where T : class
    {
        var bytes = new ArrayBufferWriter<byte>(UsualLength);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            fields(json, record);
            json.WriteEndObject();
        }
        return bytes.WrittenSpan;
    }

    /// <summary>Parses an object; null where the text is not an object, or has other fields.</summary>
    internal static T? Parse<T>(ReadOnlySpan<byte> json, Func<JsonElement, T?> fields)
        where T : class
    {
        try
        {
            return fields(JsonElement.Parse(json));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>A field; null where it is missing or null.</summary>
    internal static JsonElement? Field(this JsonElement record, ReadOnlySpan<byte> name) =>
        record.TryGetProperty(name, out JsonElement field) && field.ValueKind != JsonValueKind.Null ? field : null;

    /// <summary>A required field.</summary>
    /// <exception cref="FormatException">The field is missing.</exception>
    internal static JsonElement Needed(this JsonElement record, ReadOnlySpan<byte> name) =>
        record.Field(name) ?? throw new FormatException("a field is missing");

    internal static string Text(this JsonElement record, ReadOnlySpan<byte> name) => record.Needed(name).GetString()!;

    internal static string? TextOrNull(this JsonElement record, ReadOnlySpan<byte> name) => record.Field(name)?.GetString();

    internal static bool Flag(this JsonElement record, ReadOnlySpan<byte> name) => record.Field(name)?.GetBoolean() ?? false;

    internal static int Number(this JsonElement record, ReadOnlySpan<byte> name, int otherwise = 0) => record.Field(name)?.GetInt32() ?? otherwise;

    internal static long LongNumber(this JsonElement record, ReadOnlySpan<byte> name) => record.Field(name)?.GetInt64() ?? 0;

    internal static long? NumberOrNull(this JsonElement record, ReadOnlySpan<byte> name) => record.Field(name)?.GetInt64();

    internal static DateTimeOffset? TimeOrNull(this JsonElement record, ReadOnlySpan<byte> name) => record.Field(name)?.GetDateTimeOffset();

    internal static string[] Texts(this JsonElement record, ReadOnlySpan<byte> name)
    {
        if (record.Field(name) is not { } list)
            return [];
        string[] texts = new string[list.GetArrayLength()];
        int i = 0;
        foreach (JsonElement text in list.EnumerateArray())
            texts[i++] = text.GetString() ?? throw new FormatException("null stands in a list");
        return texts;
    }

    /// <summary>The objects of a list; none where the field is missing.</summary>
    internal static T[] Objects<T>(this JsonElement record, ReadOnlySpan<byte> name, Func<JsonElement, T> read) =>
        record.Field(name) is { } list ? [.. list.EnumerateArray().Select(read)] : [];

    internal static Dictionary<string, string> Pairs(this JsonElement record, ReadOnlySpan<byte> name)
    {
        var pairs = new Dictionary<string, string>();
        if (record.Field(name) is { } field)
        {
            foreach (JsonProperty pair in field.EnumerateObject())
                pairs[pair.Name] = pair.Value.GetString() ?? throw new FormatException("null stands for a value");
        }
        return pairs;
    }

    /// <summary>The index of a field's value in <paramref name="words"/>; 0 where the field is missing.</summary>
    /// <exception cref="FormatException">The value is none of the words.</exception>
    internal static int Word(this JsonElement record, ReadOnlySpan<byte> name, ReadOnlySpan<string> words)
    {
        if (record.Field(name) is not { } field)
            return 0;
        int found = words.IndexOf(field.GetString()!);
        return found >= 0 ? found : throw new FormatException("a word is none of those that there are");
    }

    internal static void WriteTexts(this Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    /// <summary>Writes a list of objects with these fields; omits it where there are none.</summary>
    internal static void WriteObjectsOrNothing<T>(this Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> fields)
    {
        if (items.Count > 0)
            json.WriteObjects(name, items, fields);
    }

    /// <summary>Writes a list of objects with these fields.</summary>
    internal static void WriteObjects<T>(this Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> fields)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            fields(json, item);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    internal static void WritePairs(this Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyDictionary<string, string> pairs)
    {
        json.WriteStartObject(name);
        foreach ((string key, string value) in pairs)
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    /// <summary>Writes a text; omits the field where it is null.</summary>
    internal static void WriteTextOrNothing(this Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
            json.WriteString(name, text);
    }

    /// <summary>Writes a time; omits the field where it is null.</summary>
    internal static void WriteTimeOrNothing(this Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is { } known)
            json.WriteString(name, known);
    }

    /// <summary>Writes a number; omits the field where it is null.</summary>
    internal static void WriteNumberOrNothing(this Utf8JsonWriter json, ReadOnlySpan<byte> name, long? number)
    {
        if (number is { } known)
            json.WriteNumber(name, known);
    }
}
