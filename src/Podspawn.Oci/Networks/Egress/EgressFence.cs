using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.Networks.Tools;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Networks.Egress;

/// <summary>What closes a container off from all that its policies do not allow: rules of nftables, and a server of names of its own.</summary>
internal static class EgressFence
{
    /// <summary>Whether a container has one.</summary>
    internal static bool IsNeeded(ConnectionRecord record) => HeldPolicy.Fenced(record).Count > 0;

    /// <summary>Loads the rules for the addresses of a container that runs, before it has an interface to use them by.</summary>
    /// <exception cref="NetworkException">nft fails; nothing has changed.</exception>
    internal static void Prepare(ConnectionRecord record)
    {
        if (IsNeeded(record))
            Nft.Load(FenceDocument.Of(record));
    }

    /// <summary>Puts it up, in place of an earlier one; the interfaces are there. Returns the record with what was found out.</summary>
    /// <exception cref="NetworkException">A program fails.</exception>
    internal static ConnectionRecord Raise(ConnectionRecord record, ContainerPaths paths, SafeFileHandle space)
    {
        if (!IsNeeded(record))
            return record;
        ConnectionRecord found = record with
        {
            Connections = [.. record.Connections.Select(connection => HeldPolicy.Of(record, connection).Count == 0 ? connection : Examine(connection, space))],
        };
        return Raise(found, paths);
    }

    /// <summary>Puts it up anew: somebody has taken a part of it away.</summary>
    /// <exception cref="NetworkException">A program fails.</exception>
    internal static ConnectionRecord Raise(ConnectionRecord record, ContainerPaths paths)
    {
        if (!IsNeeded(record))
            return record;
        ConnectionRecord raised = record with { NamesPort = ResolvableNames.Of(record).Count > 0 ? NameServer.Start(record, paths) : 0 };
        Faults.Point("egress.named");
        Nft.Load(FenceDocument.Of(raised));
        Faults.Point("egress.closed");
        return raised;
    }

    /// <summary>Takes it away.</summary>
    /// <exception cref="NetworkException">nft is missing.</exception>
    internal static void Remove(ConnectionRecord record, ContainerPaths paths)
    {
        if (record.Egress is null && record.Connections.All(connection => connection.Network.Allow.Count == 0))
            return;
        NameServer.Stop(paths);
        Nft.Load(FenceDocument.Removal(record.Id));
    }

    /// <summary>Whether all of it stands.</summary>
    /// <param name="record">The container's connections.</param>
    /// <param name="paths">The container's paths.</param>
    /// <param name="tables">The tables of nftables, each as <c>FAMILY NAME</c>.</param>
    internal static bool Stands(ConnectionRecord record, ContainerPaths paths, IReadOnlySet<string> tables) => !IsNeeded(record)
        || (HasRules(record, tables) && (record.NamesPort == 0 || NameServer.IsRunning(paths)));

    /// <summary>Whether its rules are there.</summary>
    internal static bool HasRules(ConnectionRecord record, IReadOnlySet<string> tables) =>
        tables.Contains($"inet {FenceDocument.TableOf(record.Id)}") && tables.Contains($"bridge {FenceDocument.TableOf(record.Id)}");

    /// <summary>What a container may reach, rule by rule; null for everything.</summary>
    internal static IReadOnlyList<string>? RulesOf(ConnectionRecord record) => !IsNeeded(record) ? null
        : [.. HeldPolicy.Fenced(record).SelectMany(connection => HeldPolicy.Of(record, connection)).SelectMany(policy => policy.Rules).Select(rule => rule.Text).Distinct()];

    // The host's end of the interface is known by its number, which no other interface gets afterwards.
    private static Connection Examine(Connection connection, SafeFileHandle space)
    {
        string inside = "", bridge = "";
        NetworkSpace.Inside(space, () => inside = Ask(connection.Interface));
        bridge = Ask(connection.Network.Bridge);
        JsonElement own = JsonElement.Parse(inside)[0], host = JsonElement.Parse(bridge)[0];
        string address = host.Text("address"u8);
        // A bridge changes its address with its members, until somebody has set it.
        (int status, _, string error) = HostTool.Run(HostTool.Require("ip"), ["link", "set", "dev", connection.Network.Bridge, "address", address], default);
        return status == 0
            ? connection with
            {
                HostIndex = own.Number("link_index"u8),
                MacAddress = own.Text("address"u8),
                BridgeAddress = address,
                Servers = [FenceDocument.ServerOf(connection.Network).ToString()],
            }
            : throw new NetworkException($"the address of bridge {connection.Network.Bridge} cannot be kept: ip: {Printable.Line(error.Trim())}");
    }

    private static string Ask(string name)
    {
        (int status, string output, string error) = HostTool.Run(HostTool.Require("ip"), ["-json", "link", "show", "dev", name], default);
        return status == 0 ? output : throw new NetworkException($"interface {name} cannot be examined: ip: {Printable.Line(error.Trim())}");
    }
}
