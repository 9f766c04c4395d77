namespace Podspawn.Oci.Cli.Templates;

/// <summary>A part of a template that was read.</summary>
/// <param name="Position">Where it begins in the template.</param>
internal abstract record Node(int Position);

/// <summary>Text.</summary>
internal sealed record TextNode(string Text) : Node(0);

/// <summary>A value that is printed, or put into a variable.</summary>
internal sealed record ActionNode(Pipeline Value) : Node(Value.Position);

/// <summary>The kinds of blocks.</summary>
internal enum BlockKind
{
    /// <summary><c>if</c>.</summary>
    If,

    /// <summary><c>with</c>.</summary>
    With,

    /// <summary><c>range</c>.</summary>
    Range,
}

/// <summary>A block with its two branches.</summary>
internal sealed record BlockNode(int Position, BlockKind Kind, Pipeline Value, IReadOnlyList<Node> Body, IReadOnlyList<Node> Else) : Node(Position);

/// <summary><c>break</c> or <c>continue</c>.</summary>
internal sealed record LeaveNode(int Position, bool Ends) : Node(Position);

/// <summary>Commands of which each gets the result of the one before as its last argument.</summary>
/// <param name="Position">Where it begins.</param>
/// <param name="Variables">The variables that take the result.</param>
/// <param name="Declares">Whether they are new.</param>
/// <param name="Commands">The commands.</param>
internal sealed record Pipeline(int Position, IReadOnlyList<string> Variables, bool Declares, IReadOnlyList<TemplateCommand> Commands);

/// <summary>A value, or a function with its arguments.</summary>
internal sealed record TemplateCommand(IReadOnlyList<Operand> Operands)
{
    internal int Position => Operands[0].Position;
}

/// <summary>A value in a command.</summary>
internal abstract record Operand(int Position);

/// <summary>The dot.</summary>
internal sealed record DotOperand(int Position) : Operand(Position);

/// <summary>A variable; the name of <c>$</c> is empty.</summary>
internal sealed record VariableOperand(int Position, string Name) : Operand(Position);

/// <summary>A text, number, truth value or nil.</summary>
internal sealed record LiteralOperand(int Position, GoValue Value) : Operand(Position);

/// <summary>A function.</summary>
internal sealed record FunctionOperand(int Position, string Name) : Operand(Position);

/// <summary>A pipeline in parentheses.</summary>
internal sealed record PipelineOperand(int Position, Pipeline Value) : Operand(Position);

/// <summary>Fields of a value, one inside the other.</summary>
internal sealed record FieldsOperand(Operand Of, IReadOnlyList<Token> Names) : Operand(Names[0].Position);
