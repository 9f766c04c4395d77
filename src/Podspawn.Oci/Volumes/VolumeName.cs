using Podspawn.Oci.Errors;
using Podspawn.Oci.State;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Volumes;

/// <summary>The rule for names of volumes, docker's: <c>^[a-zA-Z0-9][a-zA-Z0-9_.-]*$</c>. A name becomes a directory's, so it is checked wherever one is read.</summary>
internal static class VolumeName
{
    private const int Longest = 128;

    /// <summary>Whether a text is a volume's name.</summary>
    internal static bool IsValid(string name) => name.Length is > 0 and <= Longest && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    /// <summary>Checks a name, and returns it.</summary>
    /// <exception cref="ContainerException">The name breaks the rule.</exception>
    internal static string Check(string name) => IsValid(name)
        ? name
        : throw new ContainerException(
            $"'{Printable.Clean(name, 80)}' is no name of a volume; begin with a letter or digit and go on with letters, digits, '_', '.' and '-', at most {Longest} characters");

    /// <summary>A name for a volume that nobody has named: 64 hexadecimal digits, as docker's and podman's.</summary>
    internal static string New() => ContainerId.NewKept();
}
