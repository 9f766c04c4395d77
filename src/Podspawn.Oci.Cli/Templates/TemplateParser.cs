namespace Podspawn.Oci.Cli.Templates;

/// <summary>Reads the blocks of a template; what stands in an action is read by <see cref="ActionParser"/>.</summary>
internal sealed class TemplateParser
{
    // Far beyond what a person writes, and what the stack holds.
    private const int Deepest = 100;

    private static readonly string[] Refused = ["define", "template", "block"];

    private readonly string template;
    private readonly IReadOnlyList<Part> parts;
    private readonly List<string> variables = [""];
    private int at;
    private int depth;
    private int ranges;

    private TemplateParser(string template)
    {
        this.template = template;
        parts = TemplateScanner.Scan(template);
    }

    /// <summary>Reads a template.</summary>
    /// <exception cref="TemplateException">It is none.</exception>
    internal static IReadOnlyList<Node> Parse(string template)
    {
        var parser = new TemplateParser(template);
        List<Node> nodes = parser.Nodes();
        return parser.at == parser.parts.Count ? nodes
            : throw TemplateException.At(
                template, parser.Keyword!.Value.Position, $"'{parser.Keyword.Value.Text}' closes nothing; leave it out, or open a block with if, with or range");
    }

    // The word at the beginning of the action that comes next.
    private Token? Keyword => at < parts.Count && parts[at] is ActionPart { Tokens: [{ Kind: TokenKind.Word } word, ..] } ? word : null;

    private TemplateException Wrong(int position, string problem) => TemplateException.At(template, position, problem);

    private List<Node> Nodes()
    {
        var nodes = new List<Node>();
        while (at < parts.Count && Keyword is not { Text: "end" or "else" })
        {
            if (parts[at] is TextPart text)
            {
                nodes.Add(new TextNode(text.Text));
                at++;
                continue;
            }
            var action = new ActionParser(template, ((ActionPart)parts[at]).Tokens, variables);
            nodes.Add(Keyword switch
            {
                { Text: "if" } => Block(BlockKind.If, action),
                { Text: "with" } => Block(BlockKind.With, action),
                { Text: "range" } => Block(BlockKind.Range, action),
                { Text: "break" or "continue" } word => Leave(word, action),
                { } word when Refused.Contains(word.Text) => throw Wrong(word.Position, $"'{word.Text}' is not supported: a format is one template; write its parts in place"),
                _ => Plain(action),
            });
        }
        return nodes;
    }

    private ActionNode Plain(ActionParser action)
    {
        at++;
        return new ActionNode(action.Whole(BlockKind.With));
    }

    private LeaveNode Leave(Token word, ActionParser action)
    {
        action.Skip();
        action.RequireEnd();
        if (ranges == 0)
            throw Wrong(word.Position, $"'{word.Text}' leaves no loop; it stands between range and its end");
        at++;
        return new LeaveNode(word.Position, word.Text == "break");
    }

    private BlockNode Block(BlockKind kind, ActionParser action)
    {
        Token word = action.Now;
        if (++depth > Deepest)
            throw Wrong(word.Position, $"blocks lie more than {Deepest} deep in each other; take a flatter template");
        action.Skip();
        int known = variables.Count;
        Pipeline value = action.Whole(kind);
        at++;
        ranges += kind == BlockKind.Range ? 1 : 0;
        List<Node> body = Scoped();
        ranges -= kind == BlockKind.Range ? 1 : 0;
        List<Node> other = Else(word);
        Forget(known);
        depth--;
        return new BlockNode(word.Position, kind, value, body, other);
    }

    // Up to the end that closes the block.
    private List<Node> Else(Token block)
    {
        ActionParser action = Closing(block);
        if (Keyword is { Text: "else" })
        {
            // {{else if X}} is an if in the branch, and has no end of its own.
            if (action.Now is { Kind: TokenKind.Word, Text: "if" or "with" } next)
                return [Block(next.Text == "if" ? BlockKind.If : BlockKind.With, action)];
            action.RequireEnd();
            at++;
            List<Node> nodes = Scoped();
            action = Closing(block);
            if (Keyword is { Text: "else" } second)
                throw Wrong(second.Position, "this block has an else already; leave one out");
            action.RequireEnd();
            at++;
            return nodes;
        }
        action.RequireEnd();
        at++;
        return [];
    }

    private ActionParser Closing(Token block)
    {
        if (Keyword is null)
            throw Wrong(block.Position, $"this {block.Text} has no end; write {{{{end}}}} behind what belongs to it");
        var action = new ActionParser(template, ((ActionPart)parts[at]).Tokens, variables);
        action.Skip();
        return action;
    }

    // A variable is known up to the end of the block that it is in.
    private List<Node> Scoped()
    {
        int known = variables.Count;
        List<Node> nodes = Nodes();
        Forget(known);
        return nodes;
    }

    private void Forget(int known) => variables.RemoveRange(known, variables.Count - known);
}
