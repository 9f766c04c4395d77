using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.RootFilesystems;

/// <summary>A root filesystem that cannot be used, or not safely. Its message is one line, whatever the names in it hold.</summary>
/// <param name="path">The path that it is about.</param>
/// <param name="what">What is wrong: lower case, no full stop.</param>
/// <param name="hint">What to do about it.</param>
public sealed class RootFilesystemException(string path, string what, string hint) : PodspawnException(Printable.Line($"{path}: {what}; {hint}"))
{
    /// <summary>The path that it is about.</summary>
    public string Path { get; } = path;
}
