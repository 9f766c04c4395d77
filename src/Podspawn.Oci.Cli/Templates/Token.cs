namespace Podspawn.Oci.Cli.Templates;

/// <summary>The kinds of tokens in an action.</summary>
internal enum TokenKind
{
    /// <summary><c>.Name</c>.</summary>
    Field,

    /// <summary><c>.</c>.</summary>
    Dot,

    /// <summary><c>$</c> or <c>$name</c>.</summary>
    Variable,

    /// <summary>A function or keyword.</summary>
    Word,

    /// <summary>A text in quotes, as it is read.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary><c>|</c>.</summary>
    Pipe,

    /// <summary><c>(</c>.</summary>
    Open,

    /// <summary><c>)</c>.</summary>
    Close,

    /// <summary><c>=</c>.</summary>
    Assign,

    /// <summary><c>:=</c>.</summary>
    Declare,

    /// <summary><c>,</c>.</summary>
    Comma,

    /// <summary>The end of the action.</summary>
    End,
}

/// <summary>A token.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Text">Its text: of a field and a variable the name alone.</param>
/// <param name="Position">Where it begins in the template.</param>
/// <param name="Spaced">Whether a blank stands before it.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position, bool Spaced);

/// <summary>A part of a template.</summary>
internal abstract record Part;

/// <summary>Text that is printed as it is.</summary>
internal sealed record TextPart(string Text) : Part;

/// <summary>What stands between braces.</summary>
internal sealed record ActionPart(IReadOnlyList<Token> Tokens) : Part;
