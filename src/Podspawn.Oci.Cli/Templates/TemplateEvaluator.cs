using System.Text;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Templates;

/// <summary>Fills a template in with a value.</summary>
/// <param name="template">Its text, for messages.</param>
/// <param name="root">The value.</param>
internal sealed class TemplateEvaluator(string template, GoValue root)
{
    private const int MostSteps = 3_000_000;
    private const int Longest = 1 << 25;

    // A function takes longer the more it is given: so many characters, or items of a list, are a step.
    private const int CharactersOfStep = 64, ItemsOfStep = 8;

    private readonly StringBuilder text = new();
    private readonly List<(string Name, GoValue Value)> variables = [("", root)];
    private int steps;

    private enum Leaving
    {
        No,
        Continue,
        Break,
    }

    /// <summary>The text.</summary>
    /// <exception cref="TemplateException">The template asks for what is not there.</exception>
    internal static string Run(string template, IReadOnlyList<Node> nodes, GoValue root)
    {
        var evaluator = new TemplateEvaluator(template, root);
        evaluator.Walk(nodes, root);
        return evaluator.text.ToString();
    }

    private TemplateException Wrong(int position, string problem) => TemplateException.At(template, position, problem);

    private void Step(int position)
    {
        if (++steps > MostSteps || text.Length > Longest)
            throw Wrong(position, "the template does not come to an end; take loops out of it");
    }

    private GoValue Counted(int position, GoValue value)
    {
        steps += value switch
        {
            GoText one => one.Value.Length / CharactersOfStep,
            GoList list => list.Items.Count / ItemsOfStep,
            _ => 0,
        };
        Step(position);
        return value;
    }

    private Leaving Walk(IReadOnlyList<Node> nodes, GoValue dot)
    {
        foreach (Node node in nodes)
        {
            Step(node.Position);
            switch (node)
            {
                case TextNode plain:
                    text.Append(plain.Text);
                    break;
                case ActionNode action:
                    GoValue value = Evaluate(action.Value, dot);
                    if (action.Value.Variables.Count == 0)
                        text.Append(value is GoMethod ? throw Wrong(action.Position, "a name is missing behind this; write .Label \"name\"") : GoFormat.Printed(value));
                    break;
                case LeaveNode leave:
                    return leave.Ends ? Leaving.Break : Leaving.Continue;
                case BlockNode { Kind: BlockKind.Range } range:
                    Range(range, dot);
                    break;
                case BlockNode block:
                    int known = variables.Count;
                    GoValue condition = Evaluate(block.Value, dot);
                    bool holds = TemplateFunctions.IsTrue(condition);
                    Leaving left = Scoped(holds ? block.Body : block.Else, holds && block.Kind == BlockKind.With ? condition : dot);
                    Forget(known);
                    if (left != Leaving.No)
                        return left;
                    break;
            }
        }
        return Leaving.No;
    }

    private Leaving Scoped(IReadOnlyList<Node> nodes, GoValue dot)
    {
        int known = variables.Count;
        Leaving left = Walk(nodes, dot);
        Forget(known);
        return left;
    }

    private void Forget(int known) => variables.RemoveRange(known, variables.Count - known);

    private void Range(BlockNode range, GoValue dot)
    {
        int known = variables.Count;
        GoValue value = Commands(range.Value, dot);
        IEnumerable<(GoValue Key, GoValue Value)> entries = value switch
        {
            GoList list => list.Items.Select((item, i) => ((GoValue)new GoInt(i), item)),
            GoMap map => map.Entries.Select(entry => ((GoValue)new GoText(entry.Key, Foreign: true), entry.Value)),
            GoNil or GoNothing => [],
            _ => throw Wrong(range.Value.Position,
                $"range walks through a list or map, and this is {GoKind.Of(value)}; {(value is GoStruct ? "name a list in it" : "print it without range")}"),
        };
        bool any = false;
        foreach ((GoValue key, GoValue item) in entries)
        {
            any = true;
            Step(range.Position);
            int before = variables.Count;
            Bind(range.Value, key, item);
            Leaving left = Scoped(range.Body, item);
            Forget(before);
            if (left == Leaving.Break)
                break;
        }
        if (!any)
            Scoped(range.Else, dot);
        Forget(known);
    }

    private void Bind(Pipeline pipeline, GoValue key, GoValue item)
    {
        if (pipeline.Variables is [var first, var second])
        {
            Set(first, key, pipeline.Declares);
            Set(second, item, pipeline.Declares);
        }
        else if (pipeline.Variables is [var only])
        {
            Set(only, item, pipeline.Declares);
        }
    }

    private void Set(string name, GoValue value, bool declares)
    {
        if (declares)
            variables.Add((name, value));
        else
            variables[variables.FindLastIndex(variable => variable.Name == name)] = (name, value);
    }

    private GoValue Evaluate(Pipeline pipeline, GoValue dot)
    {
        GoValue value = Commands(pipeline, dot);
        foreach (string name in pipeline.Variables)
            Set(name, value, pipeline.Declares);
        return value;
    }

    private GoValue Commands(Pipeline pipeline, GoValue dot)
    {
        GoValue? value = null;
        foreach (TemplateCommand command in pipeline.Commands)
            value = Run(command, dot, value);
        return value!;
    }

    private GoValue Run(TemplateCommand command, GoValue dot, GoValue? last)
    {
        Step(command.Position);
        Operand first = command.Operands[0];
        IEnumerable<Operand> rest = command.Operands.Skip(1);
        if (first is FunctionOperand { Name: "and" or "or" } logic)
            return Logic(logic, rest, dot, last);
        if (first is FunctionOperand function)
            return Call(function.Position, () => TemplateFunctions.Call(function.Name, Arguments(rest, dot, last)));
        GoValue value = Value(first, dot);
        if (command.Operands.Count == 1 && last is null)
            return value;
        return value is GoMethod method
            ? Call(first.Position, () => method.Call(Arguments(rest, dot, last)))
            : throw Wrong(command.Operands.Count > 1 ? command.Operands[1].Position : first.Position, command.Operands.Count > 1
                ? "two values stand beside each other; begin with a function, such as print or eq"
                : "what stands behind '|' takes the value before it, so it is a function; name one");
    }

    private List<GoValue> Arguments(IEnumerable<Operand> operands, GoValue dot, GoValue? last)
    {
        List<GoValue> values = [.. operands.Select(operand => Counted(operand.Position, Value(operand, dot)))];
        if (last is not null)
            values.Add(last);
        return values;
    }

    // Stops at the first that decides, as Go does.
    private GoValue Logic(FunctionOperand logic, IEnumerable<Operand> operands, GoValue dot, GoValue? last)
    {
        GoValue? value = null;
        foreach (Operand operand in operands)
        {
            value = Value(operand, dot);
            if (TemplateFunctions.IsTrue(value) == (logic.Name == "or"))
                return value;
        }
        return last ?? value ?? throw Wrong(logic.Position, $"{logic.Name} takes values; write {logic.Name} .One .Other");
    }

    private GoValue Call(int position, Func<GoValue> call)
    {
        try
        {
            return Counted(position, call());
        }
        catch (TemplateFunctionException e)
        {
            throw Wrong(position, e.Message);
        }
    }

    private GoValue Value(Operand operand, GoValue dot) => operand switch
    {
        DotOperand => dot,
        LiteralOperand literal => literal.Value,
        VariableOperand variable => variables.FindLast(known => known.Name == variable.Name).Value,
        PipelineOperand pipeline => Evaluate(pipeline.Value, dot),
        FunctionOperand => Run(new TemplateCommand([operand]), dot, null),
        FieldsOperand fields => fields.Names.Aggregate((Value: Value(fields.Of, dot), Path: ""), (at, name) => (Field(at.Value, name, at.Path), name.Text)).Value,
        _ => throw new InvalidOperationException(operand.ToString()),
    };

    private GoValue Field(GoValue value, Token name, string path) => value switch
    {
        GoStruct group => group.Find(name.Text) ?? throw Wrong(name.Position, NoField(group, name.Text)),
        GoMap map => map.Entries.GetValueOrDefault(name.Text, GoNothing.Value),
        GoNil or GoNothing => throw Wrong(name.Position,
            $"{Path(path)} is {GoKind.Of(value)}, so it has no {name.Text}; ask before: {{{{with .Name}}}}...{{{{end}}}}, and a key with dots is read by index .Labels \"a.b\""),
        GoList => throw Wrong(name.Position, $"{Path(path)} is a list, and has no field {name.Text}; walk through it with range, or take one: (index .List 0).{name.Text}"),
        _ => throw Wrong(name.Position, $"{Path(path)} is {GoKind.Of(value)}, and has no field {name.Text}; leave it out"),
    };

    private static string Path(string path) => path.Length > 0 ? $".{path}" : "this";

    internal static string NoField(GoStruct group, string name) => NoField(group.Name, group.Names, name);

    internal static string NoField(string group, IEnumerable<string> names, string name) =>
        $"{group} has no field {Printable.Clean(name)}; {Suggestion.DidYouMean(name, names) ?? $"there are {string.Join(", ", names.Order(StringComparer.Ordinal))}"}";
}
