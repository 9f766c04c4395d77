using System.Globalization;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Templates;

/// <summary>Reads what stands in one action.</summary>
/// <param name="template">The whole template, for messages.</param>
/// <param name="tokens">The action's tokens.</param>
/// <param name="variables">The variables that are known; gets those that the action declares.</param>
internal sealed class ActionParser(string template, IReadOnlyList<Token> tokens, List<string> variables)
{
    private const int Deepest = 100;
    private const int MostVariables = 1000;

    private int at;
    private int depth;

    /// <summary>The token that comes next.</summary>
    internal Token Now => tokens[at];

    /// <summary>Passes over a token.</summary>
    internal void Skip() => at++;

    /// <summary>Refuses what is left.</summary>
    internal void RequireEnd()
    {
        if (Now.Kind != TokenKind.End)
            throw Wrong(Now.Position, "nothing belongs here; close the action with '}}'");
    }

    /// <summary>The pipeline that the rest of the action is.</summary>
    internal Pipeline Whole(BlockKind kind)
    {
        Pipeline pipeline = Read(kind == BlockKind.Range ? 2 : 1);
        RequireEnd();
        return pipeline;
    }

    private TemplateException Wrong(int position, string problem) => TemplateException.At(template, position, problem);

    private Pipeline Read(int mostVariables)
    {
        Token start = Now;
        var names = new List<string>();
        bool declares = false;
        if (mostVariables > 0 && IsAssignment())
            declares = Variables(names, mostVariables);
        var commands = new List<TemplateCommand> { One() };
        while (Now.Kind == TokenKind.Pipe)
        {
            at++;
            TemplateCommand next = One();
            if (next.Operands[0] is LiteralOperand or DotOperand)
                throw Wrong(next.Position, "what stands behind '|' takes the value before it, so it is a function; name one");
            commands.Add(next);
        }
        if (declares && variables.Count + names.Count > MostVariables)
            throw Wrong(start.Position, $"there are more than {MostVariables} variables; set those anew that are there already");
        if (declares)
            variables.AddRange(names);
        return new Pipeline(start.Position, names, declares, commands);
    }

    private bool IsAssignment() => Now.Kind == TokenKind.Variable && tokens[at + 1].Kind is TokenKind.Assign or TokenKind.Declare or TokenKind.Comma;

    private bool Variables(List<string> names, int most)
    {
        Token first = Now;
        while (Now.Kind == TokenKind.Variable)
        {
            if (Now.Text.Length == 0)
                throw Wrong(Now.Position, "'$' is the whole value, and cannot be set; give the variable a name: $x");
            names.Add(Now.Text);
            at++;
            if (Now.Kind == TokenKind.Comma)
                at++;
        }
        if (names.Count > most)
            throw Wrong(first.Position, most == 1 ? "only range sets two variables; name one" : "range sets two variables at most: the key and the value");
        if (Now.Kind is not (TokenKind.Declare or TokenKind.Assign))
            throw Wrong(Now.Position, "':=' is missing behind the variables");
        bool declares = Now.Kind == TokenKind.Declare;
        if (!declares)
            names.ForEach(name => RequireVariable(first.Position, name));
        at++;
        return declares;
    }

    private void RequireVariable(int position, string name)
    {
        if (!variables.Contains(name))
        {
            string? near = Suggestion.DidYouMean($"${name}", variables.Skip(1).Select(known => $"${known}"));
            throw Wrong(position, $"there is no variable ${name}; {near ?? $"set it first: {{{{${name} := .Name}}}}"}");
        }
    }

    private TemplateCommand One()
    {
        var operands = new List<Operand>();
        while (Now.Kind is not (TokenKind.End or TokenKind.Pipe or TokenKind.Close))
        {
            if (operands.Count > 0 && !Now.Spaced)
                throw Wrong(Now.Position, "a blank is missing before this");
            operands.Add(Term());
        }
        if (operands.Count == 0)
            throw Wrong(Now.Position, "a value is missing here; write a field like .Name, or a function");
        return operands[0] is LiteralOperand { Value: GoNil }
            ? throw Wrong(operands[0].Position, "nil is no value of its own; compare with it: eq .Name nil")
            : new TemplateCommand(operands);
    }

    private Operand Term()
    {
        Operand term = Base();
        var names = new List<Token>();
        while (Now.Kind == TokenKind.Field && !Now.Spaced)
            names.Add(tokens[at++]);
        if (names.Count == 0)
            return term;
        return term switch
        {
            FieldsOperand fields => fields with { Names = [.. fields.Names, .. names] },
            LiteralOperand or FunctionOperand => throw Wrong(names[0].Position, "this has no fields; put what has into parentheses: (index .List 0).Name"),
            _ => new FieldsOperand(term, names),
        };
    }

    private Operand Base()
    {
        Token token = Now;
        at++;
        switch (token.Kind)
        {
            case TokenKind.Field:
                return new FieldsOperand(new DotOperand(token.Position), [token]);
            case TokenKind.Dot:
                return new DotOperand(token.Position);
            case TokenKind.Variable:
                RequireVariable(token.Position, token.Text);
                return new VariableOperand(token.Position, token.Text);
            case TokenKind.Text:
                return new LiteralOperand(token.Position, new GoText(token.Text));
            case TokenKind.Number:
                return new LiteralOperand(token.Position, Number(token));
            case TokenKind.Word:
                return Word(token);
            case TokenKind.Open:
                return Group(token);
            default:
                throw Wrong(token.Position, "a value is missing here; write a field like .Name, or a function");
        }
    }

    private PipelineOperand Group(Token open)
    {
        if (++depth > Deepest)
            throw Wrong(open.Position, $"parentheses lie more than {Deepest} deep in each other; put a part into a variable");
        Pipeline pipeline = Read(0);
        if (Now.Kind != TokenKind.Close)
            throw Wrong(open.Position, "this '(' is not closed; write ')' behind the value");
        at++;
        depth--;
        return new PipelineOperand(open.Position, pipeline);
    }

    private Operand Word(Token word) => word.Text switch
    {
        "true" => new LiteralOperand(word.Position, new GoBool(true)),
        "false" => new LiteralOperand(word.Position, new GoBool(false)),
        "nil" => new LiteralOperand(word.Position, GoNil.Value),
        _ when TemplateFunctions.Names.Contains(word.Text) => new FunctionOperand(word.Position, word.Text),
        _ => throw Wrong(word.Position, $"there is no function {Printable.Clean(word.Text)}; " + (Suggestion.DidYouMean(word.Text, TemplateFunctions.Names)
            ?? $"a field has a dot before it: .{Printable.Clean(word.Text)}")),
    };

    private GoValue Number(Token token)
    {
        string text = token.Text.Replace("_", "", StringComparison.Ordinal);
        bool negative = text.StartsWith('-');
        string digits = text.TrimStart('+', '-');
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && ulong.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong hex))
            return new GoInt(negative ? -(Int128)hex : hex);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
            return new GoInt(whole);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? new GoFloat(number)
            : throw Wrong(token.Position, $"'{Printable.Clean(token.Text)}' is no number; write a text in double quotes");
    }
}
