using System.Buffers;
using System.Text;
using System.Text.Json;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Tests.Text;

/// <summary>JSON that a terminal may show: readable, and with nothing in it that turns or hides what is beside it.</summary>
public sealed class VisibleJsonSpecs
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("Grüße, 世界 <&'>", "Grüße, 世界 <&'>")]
    [InlineData("a\u202eb", "a\\u202eb")]
    [InlineData("\u2066x\u2069", "\\u2066x\\u2069")]
    [InlineData("zero\u200bwidth", "zero\\u200bwidth")]
    [InlineData("ü\u00adü", "ü\\u00adü")]
    [InlineData("tag\U000e0041", "tag\\udb40\\udc41")]
    [InlineData("\u001b[2J\"", "\\u001B[2J\\\"")]
    public void What_is_not_seen_is_escaped_and_what_is_read_stays(string text, string json)
    {
        Assert.Equal($"\"{json}\"", Write(text));
        Assert.Equal(text, JsonDocument.Parse(Write(text)).RootElement.GetString());
    }

    [Fact]
    public void Every_character_comes_back_and_none_that_is_invisible_is_written_as_it_is()
    {
        for (int scalar = 0; scalar <= 0x10ffff; scalar++)
        {
            if (!Rune.IsValid(scalar))
                continue;
            string text = $"a{new Rune(scalar)}z", json = Write(text);
            Assert.Equal(text, JsonSerializer.Deserialize<string>(json));
            Assert.Null(InvisibleText.FirstIn(json));
        }
    }

    [Fact]
    public void A_name_of_a_field_is_treated_alike() => Assert.Equal("{\"a\\u202eb\":1}", Written(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("a\u202eb", 1);
        json.WriteEndObject();
    }));

    private static string Write(string text) => Written(json => json.WriteStringValue(text));

    private static string Written(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = VisibleJson.Encoder }))
            write(json);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
