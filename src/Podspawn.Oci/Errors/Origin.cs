namespace Podspawn.Oci.Errors;

/// <summary>Where a value came from: the built-in default, a position in a file, or a command-line flag.</summary>
/// <param name="File">The file's path as the user named it, or null.</param>
/// <param name="Line">The line, from 1, or 0 where there is no file.</param>
/// <param name="Column">The column, from 1, or 0 where there is no file.</param>
/// <param name="Flag">The flag as the user wrote it (<c>--cap-add</c>), or null.</param>
public sealed record Origin(string? File = null, int Line = 0, int Column = 0, string? Flag = null)
{
    /// <summary>The built-in default.</summary>
    public static Origin Default { get; } = new();

    /// <summary>A command-line flag.</summary>
    public static Origin FromFlag(string flag) => new(Flag: flag);

    /// <summary>A setting of the caller, by the caller's name.</summary>
    public static Origin FromFlag(Setting setting) => new(Flag: setting.ToString());

    /// <summary><c>default</c>, <c>--flag</c> or <c>file:line:column</c> (GNU coding standards, section 4.4).</summary>
    public override string ToString() =>
        Flag ?? (File is null ? "default" : Line == 0 ? File : $"{File}:{Line}:{Column}");
}
