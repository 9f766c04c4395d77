using System.Net;
using System.Net.Sockets;
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
    internal static bool IsNeeded(ConnectionRecord record) => HeldPolicy.Pinned(record).Count > 0;

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
            Connections = [.. record.Connections.Select(connection => HeldPolicy.Pinned(record).Contains(connection) ? Examine(record, connection, space) : connection)],
        };
        return Raise(found, paths);
    }

    /// <summary>Puts it up anew: somebody has taken a part of it away.</summary>
    /// <exception cref="NetworkException">A program fails.</exception>
    internal static ConnectionRecord Raise(ConnectionRecord record, ContainerPaths paths)
    {
        // An interface that is gone is a container's that has ended.
        if (!IsNeeded(record) || HeldPolicy.Pinned(record).Any(connection => InterfaceCalls.NameOf(connection.HostIndex) != connection.HostInterface))
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
        if (!IsNeeded(record))
            return;
        NameServer.Stop(paths);
        Nft.Load(FenceDocument.Removal(record.Id));
    }

    /// <summary>Puts up what a container needs that was connected otherwise before; takes away what it needs no more.</summary>
    /// <exception cref="NetworkException">A program fails.</exception>
    internal static ConnectionRecord Change(ConnectionRecord before, ConnectionRecord after, ContainerPaths paths)
    {
        if (IsNeeded(after))
            return Raise(after, paths);
        Remove(before, paths);
        return after with { NamesPort = 0 };
    }

    /// <summary>Whether all of it stands.</summary>
    /// <param name="record">The container's connections.</param>
    /// <param name="paths">The container's paths.</param>
    /// <param name="tables">The tables of nftables, each as <c>FAMILY NAME</c>.</param>
    internal static bool Stands(ConnectionRecord record, ContainerPaths paths, IReadOnlySet<string> tables) => !IsNeeded(record)
        || (HasRules(record, tables) && (record.NamesPort == 0 || NameServer.IsRunning(paths)));

    /// <summary>Whether its rules are there.</summary>
    internal static bool HasRules(ConnectionRecord record, IReadOnlySet<string> tables) =>
        (HeldPolicy.Fenced(record).Count > 0 ? FenceDocument.Families : ["netdev"]).All(family => tables.Contains($"{family} {FenceDocument.TableOf(record.Id)}"));

    /// <summary>
    /// Makes the kernel forget what it knows of connections of the container's addresses: an earlier holder of them may have begun some, which would not be
    /// asked about any more.
    /// </summary>
    /// <exception cref="NetworkException">conntrack is missing.</exception>
    internal static void ForgetConnections(ConnectionRecord record)
    {
        foreach (IPAddress address in HeldPolicy.Fenced(record).SelectMany(connection => connection.Addresses))
        {
            string family = address.AddressFamily == AddressFamily.InterNetworkV6 ? "ipv6" : "ipv4";
            // It exits with 1 where there is none.
            foreach (string side in (string[])["--orig-src", "--orig-dst", "--reply-src"])
                _ = HostTool.Run(HostTool.Require("conntrack"), ["-D", "-f", family, side, address.ToString()], default);
        }
    }

    /// <summary>What a container may reach, rule by rule; null for everything.</summary>
    internal static IReadOnlyList<string>? RulesOf(ConnectionRecord record) => HeldPolicy.Fenced(record).Count == 0 ? null
        : [.. HeldPolicy.AllOf(record).SelectMany(policy => policy.Rules).Select(rule => rule.Text).Distinct()];

    // The host's end of the interface is known by its number, which no other interface gets afterwards.
    private static Connection Examine(ConnectionRecord record, Connection connection, SafeFileHandle space)
    {
        string inside = "";
        NetworkSpace.Inside(space, () => inside = Ask(connection.Interface));
        JsonElement own = JsonElement.Parse(inside)[0];
        int index = own.Number("link_index"u8);
        connection = connection with
        {
            HostIndex = index,
            HostInterface = InterfaceCalls.NameOf(index) ?? throw new NetworkException($"interface {connection.Interface} has no end on the host"),
            MacAddress = own.Text("address"u8),
        };
        if (HeldPolicy.Of(record, connection).Count == 0)
            return connection;
        string address = JsonElement.Parse(Ask(connection.Network.Bridge))[0].Text("address"u8);
        // A bridge changes its address with its members, until somebody has set it.
        (int status, _, string error) = HostTool.Run(HostTool.Require("ip"), ["link", "set", "dev", connection.Network.Bridge, "address", address], default);
        return status == 0
            ? connection with
            {
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
