
namespace Podspawn.Oci.Cli.Templates;

/// <summary>
/// A format as a Go template, as docker and podman take it: <c>{{.ID}}\t{{.Names}}</c>, or a table with <c>table</c> before it. Everything is read before anything
/// is printed.
/// </summary>
internal sealed class Template
{
    private const string TablePrefix = "table ";

    private readonly string text;
    private readonly IReadOnlyList<Node> nodes;

    private string idHeading = "CONTAINER ID";

    private Template(string text, IReadOnlyList<Node> nodes, bool isTable)
    {
        this.text = text;
        this.nodes = nodes;
        IsTable = isTable;
    }

    /// <summary>Whether headings stand above, and columns are aligned.</summary>
    internal bool IsTable { get; }

    /// <summary>Whether the template walks through all rows by itself: it begins with <c>{{range .}}</c>.</summary>
    private bool IsWhole => nodes is [BlockNode { Kind: BlockKind.Range, Value.Commands: [{ Operands: [DotOperand] }] }, ..];

    /// <summary>Reads a template.</summary>
    /// <exception cref="TemplateException">It is none.</exception>
    internal static Template Parse(string text)
    {
        bool isTable = text.StartsWith(TablePrefix, StringComparison.Ordinal);
        string body = isTable ? text[TablePrefix.Length..].TrimStart(' ') : text;
        IReadOnlyList<Node> nodes = TemplateParser.Parse(body);
        // As in podman a blank divides columns too; other text stands in one, as in docker.
        return new Template(body, isTable ? [.. nodes.Select(node => IsBlank(node) ? new TextNode("\t") : node)] : nodes, isTable);
    }

    /// <summary>Refuses a template that asks for fields that no row has, before there is a row.</summary>
    /// <param name="group">What a row is called in the message.</param>
    /// <param name="names">The names of a row's fields.</param>
    /// <param name="id">What stands above a column of ids; null for a container's.</param>
    /// <exception cref="TemplateException">A field is unknown.</exception>
    internal Template Require(string group, IReadOnlyCollection<string> names, string? id = null)
    {
        idHeading = id ?? idHeading;
        TemplateFields.Check(text, IsWhole && nodes is [BlockNode all, ..] ? all.Body : nodes, group, names);
        return this;
    }

    /// <summary>Whether it asks for a field: one that costs time to find out.</summary>
    internal bool Asks(string field) => text.Contains($".{field}", StringComparison.OrdinalIgnoreCase);

    /// <summary>The text for one value, with a line end behind it where it has none.</summary>
    /// <exception cref="TemplateException">The template asks for what is not there.</exception>
    internal string Render(GoValue value) => Lined(TemplateEvaluator.Run(text, nodes, value));

    /// <summary>The text for rows, one below the other; with headings, if it is a table and they are wanted.</summary>
    /// <exception cref="TemplateException">The template asks for what is not there.</exception>
    internal string Render(IReadOnlyList<GoValue> rows, bool headings = true)
    {
        if (IsWhole)
            return Lined(TemplateEvaluator.Run(text, nodes, new GoList(rows)));
        string body = string.Concat(rows.Select(Render));
        return IsTable ? Aligned(headings ? Lined(TemplateFields.Headings(nodes, idHeading)) + body : body) : body;
    }

    private string Aligned(string table)
    {
        try
        {
            return TableText.Align(table);
        }
        catch (TemplateFunctionException e)
        {
            throw TemplateException.At(text, 0, e.Message);
        }
    }

    private static bool IsBlank(Node node) => node is TextNode { Text.Length: > 0 } text && text.Text.Trim(' ').Length == 0;

    private static string Lined(string text) => text.EndsWith('\n') ? text : text + "\n";
}
