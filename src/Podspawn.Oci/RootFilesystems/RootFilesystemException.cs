using Podspawn.Oci.Configuration;

namespace Podspawn.Oci.RootFilesystems;

/// <summary>A root filesystem that cannot be used, or not safely. Its message is one line, whatever the names in it hold.</summary>
/// <param name="path">The path that it is about.</param>
/// <param name="what">What is wrong: lower case, no full stop.</param>
/// <param name="mend">What to do about it.</param>
public sealed class RootFilesystemException(string path, string what, string mend) : Exception(Printable.Line($"{path}: {what}; {mend}"))
{
    /// <summary>The path that it is about.</summary>
    public string Path { get; } = path;
}
