namespace Podspawn.Oci.Cli.Inspecting;

/// <summary>A network that is none of the store's, as <c>inspect --type network</c> prints it: none, and the host's, as in docker.</summary>
internal sealed record InspectedNet(
    string Name, string Id, string Driver, string Scope, bool Internal, IReadOnlyDictionary<string, string> Options, IReadOnlyDictionary<string, string> Labels)
{
    private static readonly string[] All = ["none", "host"];

    /// <summary>The network of a name; null for none.</summary>
    internal static InspectedNet? Find(string name) => All.Contains(name)
        ? new InspectedNet(name, name, name == "none" ? "null" : "host", "local", name == "none", new Dictionary<string, string>(), new Dictionary<string, string>())
        : null;
}
