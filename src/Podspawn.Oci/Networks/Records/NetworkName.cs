using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.Networks.Records;

/// <summary>A network's name becomes a directory's, so it is checked wherever one is read.</summary>
internal static class NetworkName
{
    /// <summary>Checks a name, and returns it.</summary>
    /// <exception cref="ContainerException">The name breaks the rule.</exception>
    internal static string Check(string name) => NetworkRules.IsName(name) ? name : throw new ContainerException(NetworkRules.IsReserved(name)
        ? $"'{name}' has a meaning of its own, and is no name for a network; choose another"
        : $"'{Printable.Clean(name, 80)}' is no name of a network; begin with a letter or digit and go on with letters, digits, '_', '.' and '-', at most 128 characters");
}
