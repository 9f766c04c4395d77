using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Matrix;

/// <summary>A matrix, or a report of one, cannot be used as asked: what is wrong, and a hint to fix it.</summary>
public sealed class MatrixException(string message, Exception? cause = null) : PodspawnException(message, cause: cause);
