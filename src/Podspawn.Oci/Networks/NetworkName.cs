using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Networks;

/// <summary>The rule for names of networks, podman's: <c>^[a-zA-Z0-9][a-zA-Z0-9_.-]*$</c>. A name becomes a directory's, so it is checked wherever one is read.</summary>
internal static class NetworkName
{
    private const int Longest = 128;

    // What the flag of a launch means by them is no network of the store.
    private static readonly string[] Reserved = ["none", "host", "bridge", "default", "private", "container", "ns", "pasta", "slirp4netns"];

    /// <summary>Whether a text is a network's name.</summary>
    internal static bool IsValid(string name) => name.Length is > 0 and <= Longest && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-') && !Reserved.Contains(name);

    /// <summary>Checks a name, and returns it.</summary>
    /// <exception cref="ContainerException">The name breaks the rule.</exception>
    internal static string Check(string name) => IsValid(name) ? name : throw new ContainerException(Reserved.Contains(name)
        ? $"'{name}' has a meaning of its own, and is no name for a network; choose another"
        : $"'{Printable.Clean(name, 80)}' is no name of a network; begin with a letter or digit and go on with letters, digits, '_', '.' and '-', at most {Longest} characters");
}
