using System.Text;

namespace Podspawn.Oci.Cli.Templates;

/// <summary>What can be told of a template's fields without a value: whether there are such, and what they are called above a column.</summary>
internal static class TemplateFields
{
    // The headings that are not the field's name in words.
    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["RunningFor"] = "CREATED", ["CreatedSince"] = "CREATED", ["CreatedHuman"] = "CREATED", ["CPUPerc"] = "CPU %", ["MemPerc"] = "MEM %",
        ["MemUsage"] = "MEM USAGE / LIMIT", ["NetIO"] = "NET I/O", ["BlockIO"] = "BLOCK I/O", ["Driver"] = "VOLUME DRIVER", ["Name"] = "NAME", ["PIDs"] = "PIDS",
    };

    /// <summary>Refuses fields of a row that are not among the names.</summary>
    /// <exception cref="TemplateException">A field is unknown.</exception>
    internal static void Check(string template, IReadOnlyList<Node> nodes, string group, IReadOnlyCollection<string> names)
    {
        foreach (Node node in nodes)
        {
            switch (node)
            {
                case ActionNode action:
                    Check(template, action.Value, group, names);
                    break;
                case BlockNode block:
                    Check(template, block.Value, group, names);
                    // In the body of with and range the dot is another value.
                    if (block.Kind == BlockKind.If)
                        Check(template, block.Body, group, names);
                    Check(template, block.Else, group, names);
                    break;
            }
        }
    }

    /// <summary>The line above a table: each field's heading where its value will be.</summary>
    internal static string Headings(IReadOnlyList<Node> nodes, string id)
    {
        var line = new StringBuilder();
        foreach (Node node in nodes)
        {
            line.Append(node switch
            {
                TextNode text => text.Text,
                ActionNode { Value.Variables.Count: 0 } action => FirstField(action.Value) is { } name ? Heading(name, id) : "",
                // What is repeated for each item has one heading.
                BlockNode { Kind: BlockKind.If } block => Headings(block.Body, id),
                BlockNode block => FirstField(block.Value) is { } name ? Heading(name, id) : "",
                _ => "",
            });
        }
        return line.ToString();
    }

    private static void Check(string template, Pipeline pipeline, string group, IReadOnlyCollection<string> names)
    {
        foreach (FieldsOperand fields in pipeline.Commands.SelectMany(command => command.Operands).SelectMany(Fields))
        {
            if (fields.Of is DotOperand && !names.Contains(fields.Names[0].Text, StringComparer.OrdinalIgnoreCase))
                throw TemplateException.At(template, fields.Names[0].Position, TemplateEvaluator.NoField(group, names, fields.Names[0].Text));
        }
    }

    private static IEnumerable<FieldsOperand> Fields(Operand operand) => operand switch
    {
        FieldsOperand fields => Fields(fields.Of).Append(fields),
        PipelineOperand pipeline => pipeline.Value.Commands.SelectMany(command => command.Operands).SelectMany(Fields),
        _ => [],
    };

    private static string? FirstField(Pipeline pipeline)
    {
        FieldsOperand? first = pipeline.Commands.SelectMany(command => command.Operands).SelectMany(Fields).FirstOrDefault();
        // .Label "x" and index .Labels "x" are a column of their own.
        return first is null ? null : first.Names[^1].Text;
    }

    // CreatedAt is CREATED AT.
    private static string Heading(string name, string id)
    {
        if (string.Equals(name, "ID", StringComparison.OrdinalIgnoreCase))
            return id;
        if (Known.TryGetValue(name, out string? known))
            return known;
        var words = new StringBuilder();
        for (int i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && (char.IsLower(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]))))
                words.Append(' ');
            words.Append(char.ToUpperInvariant(name[i]));
        }
        return words.ToString();
    }
}
