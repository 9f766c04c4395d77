using System.Text.Json;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.Networks.Tools;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Networks.Egress;

/// <summary>What a container was refused since its rules stand.</summary>
/// <param name="Packets">How many packets: at least one for each attempt.</param>
/// <param name="Destinations">The first 256 destinations.</param>
internal sealed record RefusedConnections(long Packets, IReadOnlyList<RefusedDestination> Destinations)
{
    private const string None = "none";

    /// <summary>Reads the counters of the rules; null where none stand.</summary>
    /// <exception cref="NetworkException">nft is missing.</exception>
    internal static RefusedConnections? Of(ConnectionRecord record)
    {
        if (HeldPolicy.Fenced(record).Count == 0)
            return null;
        (int status, string output, _) = HostTool.Run(HostTool.Require(Nft.Program), ["-j", "-nn", "list", "table", "inet", FenceDocument.TableOf(record.Id)], default);
        return status == 0 ? Read(output) : null;
    }

    /// <summary>Reads what nft has printed (libnftables-json(5)).</summary>
    internal static RefusedConnections Read(string output)
    {
        JsonElement[] items = [.. JsonElement.Parse(output).Needed("nftables"u8).EnumerateArray()];
        long packets = items.Select(item => item.Field("counter"u8)).OfType<JsonElement>().Where(counter => counter.TextOrNull("name"u8) == "refused")
            .Sum(counter => counter.LongNumber("packets"u8));
        return new RefusedConnections(packets,
        [
            .. items.Select(item => item.Field("set"u8)).OfType<JsonElement>().Where(set => set.TextOrNull("name"u8) is "refused_4" or "refused_6")
                .SelectMany(set => set.Field("elem"u8) is { } elements ? elements.EnumerateArray().Select(Destination) : []),
        ]);
    }

    private static RefusedDestination Destination(JsonElement item)
    {
        JsonElement element = item.Needed("elem"u8);
        JsonElement[] parts = [.. element.Needed("val"u8).Needed("concat"u8).EnumerateArray()];
        return new RefusedDestination(Text(parts[0]), Text(parts[2]), Text(parts[1]) switch { "6" => "tcp", "17" => "udp", var other => other },
            element.Field("counter"u8)?.LongNumber("packets"u8) ?? 0);
    }

    private static string Text(JsonElement part) => part.ValueKind == JsonValueKind.String ? part.GetString() ?? None : part.GetRawText();
}

/// <summary>A destination that was refused.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Port">Its port.</param>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
/// <param name="Packets">How many packets to it were refused.</param>
internal sealed record RefusedDestination(string Address, string Port, string Protocol, long Packets);
