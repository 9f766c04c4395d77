using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.RootFilesystems;

/// <summary>A root filesystem cannot be used, or not safely. The message is one line, whatever the names in it contain.</summary>
/// <param name="path">The path in question.</param>
/// <param name="what">What is wrong: lower case, no full stop.</param>
/// <param name="hint">What to do about it.</param>
public sealed class RootFilesystemException(string path, string what, string hint) : PodspawnException(Printable.Line($"{path}: {what}; {hint}"))
{
    /// <summary>The path in question.</summary>
    public string Path { get; } = path;
}
