using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Podspawn.Oci.Cli.Inspecting;

namespace Podspawn.Oci.Tests.Schemas;

/// <summary>The schemas of what is printed as JSON name every field that is printed, and no other.</summary>
public sealed class ReportedFieldSpecs
{
    public static TheoryData<string, string> Types => new()
    {
        { "inspect", nameof(InspectedContainer) }, { "inspect", nameof(InspectedImage) }, { "inspect", nameof(InspectedNet) }, { "ps", nameof(ListedContainer) }, { "images", nameof(ListedImage) },
        { "stats", nameof(ListedStatistics) }, { "events", nameof(ListedEvent) },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void Its_fields_are_those_that_are_printed(string schema, string type)
    {
        using JsonDocument document = JsonDocument.Parse(SchemaCheck.TextOf(schema));
        JsonElement definitions = document.RootElement.GetProperty("$defs");
        Compare(definitions, definitions.GetProperty(type), Root(type), type);
    }

    private static JsonTypeInfo Root(string type) => type switch
    {
        nameof(InspectedContainer) => InspectJson.Default.InspectedContainer,
        nameof(InspectedImage) => InspectJson.Default.InspectedImage,
        nameof(InspectedNet) => InspectJson.Default.InspectedNet,
        nameof(ListedContainer) => InspectJson.Default.ListedContainer,
        nameof(ListedImage) => InspectJson.Default.ListedImage,
        nameof(ListedStatistics) => InspectJson.Default.ListedStatistics,
        _ => InspectJson.Default.ListedEvent,
    };

    private static void Compare(JsonElement definitions, JsonElement schema, JsonTypeInfo type, string path)
    {
        while (schema.TryGetProperty("$ref", out JsonElement reference))
            schema = definitions.GetProperty(reference.GetString()!.Split('/')[^1]);
        if (type.Kind == JsonTypeInfoKind.Object)
        {
            JsonElement fields = schema.GetProperty("properties");
            Assert.Equal(type.Properties.Select(property => property.Name).Order(), fields.EnumerateObject().Select(field => field.Name).Order());
            Assert.Equal(type.Properties.Select(property => property.Name).Order(), schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()!).Order());
            foreach (JsonPropertyInfo property in type.Properties)
            {
                JsonElement field = fields.GetProperty(property.Name);
                Assert.False(string.IsNullOrWhiteSpace(field.GetProperty("description").GetString()), $"{path}.{property.Name} has no description");
                Compare(definitions, field, type.Options.GetTypeInfo(property.PropertyType), $"{path}.{property.Name}");
            }
        }
        else if (type.ElementType is { } elements && schema.TryGetProperty(type.Kind == JsonTypeInfoKind.Dictionary ? "additionalProperties" : "items", out JsonElement each))
        {
            Compare(definitions, each, type.Options.GetTypeInfo(elements), $"{path}[]");
        }
    }
}
