using System.Buffers;
using System.Text;
using System.Text.Json;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Templates;

/// <summary>Writes values as JSON on one line: exact, since JSON escapes what a terminal might interpret.</summary>
internal static class GoJson
{
    internal static string Write(GoValue value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = VisibleJson.Encoder }))
            Write(json, value);
        // What is escaped for a terminal is an escape of JSON as well.
        return Printable.Line(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void Write(Utf8JsonWriter json, GoValue value)
    {
        switch (value)
        {
            case GoText text:
                json.WriteStringValue(text.Value);
                break;
            case GoBool truth:
                json.WriteBooleanValue(truth.Value);
                break;
            case GoInt number:
                json.WriteRawValue(number.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            case GoFloat number when double.IsFinite(number.Value):
                json.WriteNumberValue(number.Value);
                break;
            case GoList list:
                json.WriteStartArray();
                foreach (GoValue item in list.Items)
                    Write(json, item);
                json.WriteEndArray();
                break;
            case GoMap map:
                Fields(json, map.Entries);
                break;
            case GoStruct group:
                Fields(json, group.Fields);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    private static void Fields(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, GoValue>> fields)
    {
        json.WriteStartObject();
        foreach ((string name, GoValue value) in fields)
        {
            json.WritePropertyName(name);
            Write(json, value);
        }
        json.WriteEndObject();
    }
}
