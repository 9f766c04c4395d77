using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Podspawn.Oci.Cli.Templates;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Output;

/// <summary>The form that a user wants: JSON, the verb's own table, or a Go template, which may be a table of the user's.</summary>
/// <param name="IsJson">Whether as JSON.</param>
/// <param name="Template">The template; null for none.</param>
internal sealed record OutputFormat(bool IsJson, Template? Template)
{
    private const string JsonWord = "json";
    private const string TableWord = "table";

    /// <summary>The flag of a verb that prints rows.</summary>
    internal static Option<string> Option() => new("--format")
    {
        HelpName = "table|json|TEMPLATE",
        Description = "The format of the output: a Go template is filled in for each row",
        DefaultValueFactory = _ => TableWord,
    };

    /// <summary>Reads the flag's value. A template is read whole, and fields that no row has are refused, before the verb does anything.</summary>
    /// <param name="text">What the user wrote; null for the table.</param>
    /// <param name="group">What a row is called in messages.</param>
    /// <param name="fields">Gives the names of a row's fields, which takes a moment; null where rows of different kinds are possible.</param>
    /// <param name="id">What stands above a column of ids; null for a container's.</param>
    /// <exception cref="UsageException">The format is not known, or the template is none.</exception>
    internal static OutputFormat Read(string? text, string group, Func<IReadOnlyCollection<string>>? fields, string? id = null)
    {
        switch (text)
        {
            case JsonWord:
                return new OutputFormat(true, null);
            case TableWord or null:
                return new OutputFormat(false, null);
            // A word that is no template is a mistake: it would be printed once for each row.
            case var word when !word.Contains("{{", StringComparison.Ordinal):
                string advice = Suggestion.DidYouMean(word, [JsonWord, TableWord]) ?? "use table, json, or a Go template such as '{{.ID}}'";
                throw new UsageException($"--format: '{Printable.Clean(word)}' is not known; {advice}");
            default:
                Template template = Template.Parse(text);
                return new OutputFormat(false, fields is null ? template : template.Require(group, fields(), id));
        }
    }

    /// <summary>Prints one object as JSON, or by the template.</summary>
    /// <param name="value">The object.</param>
    /// <param name="type">Its type: the names of its properties are those of the fields.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="TemplateException">The template asks for what is not there. Nothing was printed.</exception>
    internal void Print<T>(T value, JsonTypeInfo<T> type, string name)
    {
        if (IsJson)
            Output.Json.Write(value, type);
        else
            Print([JsonValues.Of(value, type, name)]);
    }

    /// <summary>Prints rows by the template.</summary>
    /// <exception cref="TemplateException">The template asks for what is not there. Nothing was printed.</exception>
    internal void Print(IReadOnlyList<GoValue> rows, bool headings = true) => Streams.Output.Write(Template!.Render(rows, headings));
}
