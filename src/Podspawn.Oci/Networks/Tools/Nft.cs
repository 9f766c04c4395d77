using System.Text;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Networks.Tools;

/// <summary>nftables, by nft(8).</summary>
internal static class Nft
{
    internal const string Program = "nft";

    /// <summary>The tables that there are, each as <c>FAMILY NAME</c>.</summary>
    /// <exception cref="NetworkException">nft is missing.</exception>
    internal static IReadOnlySet<string> Tables() =>
        HostTool.Run(HostTool.Require(Program), ["list", "tables"], default).Output.Split('\n').Select(line => line.Replace("table ", "", StringComparison.Ordinal)).ToHashSet();

    /// <summary>Carries out lines, all of them or none.</summary>
    /// <exception cref="NetworkException">nft fails; nothing has changed.</exception>
    internal static void Load(string document)
    {
        (int status, _, string error) = HostTool.Run(HostTool.Require(Program), ["-f", "-"], Encoding.UTF8.GetBytes(document));
        if (status != 0)
        {
            string why = error.Split('\n') is [{ Length: > 0 } first, ..] ? Printable.Line(first) : "it gave no reason";
            throw new NetworkException($"the rules that close the network off cannot be loaded: nft: {why}; a kernel with nf_tables is needed");
        }
    }
}
