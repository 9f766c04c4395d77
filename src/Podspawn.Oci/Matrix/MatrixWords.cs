namespace Podspawn.Oci.Matrix;

/// <summary>The words for results, as in the formats and the matrix file.</summary>
public static class MatrixWords
{
    /// <summary><c>holds</c>, <c>holds differently</c>, <c>falls short</c>, <c>error</c>, <c>time limit</c>.</summary>
    public static string Of(CellResult result) => result switch
    {
        CellResult.Holds => "holds",
        CellResult.HoldsDifferently => "holds differently",
        CellResult.FallsShort => "falls short",
        CellResult.TimeLimit => "time limit",
        _ => "error",
    };
}
