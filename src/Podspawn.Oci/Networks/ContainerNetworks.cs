using System.Globalization;
using System.Net;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.Networks.Egress;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.Networks.Tools;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Networks;

/// <summary>A container's network namespace, connected.</summary>
/// <param name="Space">The namespace.</param>
/// <param name="Record">What it is connected to.</param>
internal sealed record ConnectedNetworks(SafeFileHandle Space, ConnectionRecord Record) : IDisposable
{
    public void Dispose() => Space.Dispose();
}

/// <summary>
/// Connects containers to their networks when they start, and releases them when they have ended. Each step is written down before it is done, so that
/// whoever finds a container of a killed launcher can undo it.
/// </summary>
internal static class ContainerNetworks
{
    /// <summary>The name of a container's interfaces, by their number.</summary>
    internal static string InterfaceOf(int number) => string.Create(CultureInfo.InvariantCulture, $"eth{number}");

    /// <summary>Connects a container; null where it has no network of ours.</summary>
    /// <exception cref="ContainerException">A network, an address or a port cannot be had.</exception>
    /// <exception cref="NetworkException">netavark or nft fails.</exception>
    internal static ConnectedNetworks? Connect(StateLayout layout, ContainerPaths paths, ContainerDefinition definition)
    {
        if (definition.Network != NetworkMode.Bridge)
            return null;
        NetworkPlaces places = NetworkPlaces.Of(layout);
        // What a killed start has left.
        Release(paths);
        using FileLock held = places.Take();
        ConnectionRecord record = Reserve(layout, places, paths, definition);
        try
        {
            Faults.Point("network.leased");
            record.Write(paths.Network);
            Faults.Point("network.recorded");
            return WithoutMounts.Run(MountsOf(paths, record), () => SetUp(record, places, paths));
        }
        catch
        {
            Undo(record, places, paths);
            throw;
        }
    }

    /// <summary>Undoes what connects a container, which has ended; where nothing does, nothing is done.</summary>
    /// <param name="paths">The container's paths.</param>
    /// <param name="monitor">Its monitor, in whose mount namespace its network namespace is mounted as long as the monitor lives; null for none.</param>
    internal static void Release(ContainerPaths paths, ProcessIdentity? monitor = null)
    {
        if (!File.Exists(paths.Network))
            return;
        if (ConnectionRecord.Read(paths.Network) is not { } record)
        {
            File.Delete(paths.Network);
            return;
        }
        var places = new NetworkPlaces(record.Places);
        using FileLock held = places.Take();
        Undo(record, places, paths, monitor);
    }

    /// <summary>What a container that is connected, or that joins the network of another one, knows of itself; null for any other.</summary>
    /// <param name="layout">The store.</param>
    /// <param name="definition">What the container was created from.</param>
    /// <param name="own">What it is connected to itself.</param>
    internal static ConnectedNames? NamesOf(StateLayout layout, ContainerDefinition definition, ConnectedNetworks? own)
    {
        ConnectionRecord? record = own?.Record ?? (definition.Namespaces.NetworkOf is { } other ? ConnectionRecord.Read(layout.Of(other.Id).Network) : null);
        if (definition.Network == NetworkMode.Path)
            return new ConnectedNames([], [], [], []);
        return record is null ? null : new ConnectedNames(
            [definition.Name], [.. record.Connections.SelectMany(connection => connection.Addresses).Select(address => address.ToString())],
            [.. record.Connections.SelectMany(connection => connection.Servers).Distinct()], [.. record.Connections.SelectMany(connection => connection.Domains).Distinct()]);
    }

    private static ConnectionRecord Reserve(StateLayout layout, NetworkPlaces places, ContainerPaths paths, ContainerDefinition definition)
    {
        var store = new NetworkStore(layout);
        Network[] networks = [.. definition.Attachments.Select(attachment => store.Find(attachment.Network))];
        IReadOnlyList<PublishedPort> ports = definition.Ports.Count == 0 ? [] : HostPorts.Choose(
            definition.Ports, [.. Published(store, places, paths)], networks.Any(network => network.HasV6));
        var connections = new List<Connection>();
        try
        {
            foreach ((NetworkAttachment attachment, Network network) in definition.Attachments.Zip(networks))
                connections.Add(Reserve(places, paths, definition, attachment, network, InterfaceOf(connections.Count)));
        }
        catch
        {
            GiveBack(connections, places, paths);
            throw;
        }
        return new ConnectionRecord
        {
            Places = places.Directory,
            Id = definition.Id,
            Name = definition.Name,
            Connections = connections,
            Ports = ports,
            Upstreams = definition.Names.Servers,
            Egress = definition.Egress,
            SendsFrames = definition.SendsFrames,
        };
    }

    /// <summary>Takes addresses for a container on a network; the caller holds the lock of the networks.</summary>
    internal static Connection Reserve(
        NetworkPlaces places, ContainerPaths paths, ContainerDefinition definition, NetworkAttachment attachment, Network network, string interfaceName)
    {
        RequireFree(network);
        IReadOnlyList<IPAddress> addresses = new AddressLeases(places, network).Take(paths.Network, [.. attachment.Addresses.Select(IPAddress.Parse)]);
        return new Connection(network, interfaceName, addresses, [.. NamesOf(definition).Concat(attachment.Aliases).Distinct()]) { MacAddress = attachment.MacAddress };
    }

    // As podman has it: the short id is a name as well, and here the host name too.
    private static string[] NamesOf(ContainerDefinition definition) => [definition.Id[..Math.Min(definition.Id.Length, 12)], definition.HostName];

    private static IEnumerable<PublishedPort> Published(NetworkStore store, NetworkPlaces places, ContainerPaths paths) => store.All()
        .SelectMany(network => new AddressLeases(places, network).Holders()).Distinct().Where(holder => holder != paths.Network)
        .Select(ConnectionRecord.Read).OfType<ConnectionRecord>().SelectMany(record => record.Ports);

    // Another engine, or another data directory, may have taken the block since the network was made.
    private static void RequireFree(Network network)
    {
        if (HostBridge.Exists(network))
            return;
        IReadOnlyList<IPNetwork> used = FreeSubnets.OfHost(network.Bridge);
        foreach (Subnet subnet in network.Subnets)
        {
            if (used.FirstOrDefault(other => Subnet.Meet(subnet.Block, other)) is { PrefixLength: > 0 } taken)
                throw new ContainerException($"network '{network.Name}': its addresses {subnet} are the host's by now, by {taken}; remove the network, and make it again");
        }
    }

    private static ConnectedNetworks SetUp(ConnectionRecord record, NetworkPlaces places, ContainerPaths paths)
    {
        SafeFileHandle space = NetworkSpace.Make();
        try
        {
            // Before anything is there that they are to close off.
            foreach (Connection connection in record.Connections)
                HostRules.Apply(connection.Network);
            Faults.Point("network.closed");
            ConnectionRecord made = record.Connections.Count > 0 ? Netavark.SetUp(record, places, space) : WithLoopback(record, space);
            Faults.Point("network.set");
            LeadOutOnce(made, space);
            made = EgressFence.Raise(made, paths, space);
            EgressFence.ForgetConnections(made);
            made.Write(paths.Network);
            Faults.Point("network.up");
            return new ConnectedNetworks(space, made);
        }
        catch
        {
            space.Dispose();
            throw;
        }
    }

    // A container that was taken off its last network has none to go on.
    private static ConnectionRecord WithLoopback(ConnectionRecord record, SafeFileHandle space)
    {
        HostTool.RunInside(space, "ip", "link", "set", "lo", "up");
        return record;
    }

    private static void LeadOutOnce(ConnectionRecord record, SafeFileHandle space)
    {
        foreach (Connection connection in record.Connections.Where(connection => !connection.Network.IsInternal).Skip(1))
            WayOut.Remove(connection, space);
    }

    private static void Undo(ConnectionRecord record, NetworkPlaces places, ContainerPaths paths, ProcessIdentity? monitor = null)
    {
        try
        {
            // Opened here: its mount can be seen in this thread's mount namespace only, or in the monitor's.
            string place = new SharedNamespaces { Directory = paths.Joined }.NetworkPath;
            using SafeFileHandle? space = NetworkSpace.Open(place)
                ?? (monitor?.IsAlive() == true ? NetworkSpace.Open(string.Create(CultureInfo.InvariantCulture, $"/proc/{monitor.Value.Pid}/root{place}")) : null);
            _ = WithoutMounts.Run(MountsOf(paths, record), () => TearDown(record, places, paths, space));
            EgressFence.Remove(record, paths);
            Faults.Point("network.down");
            foreach (Network network in record.Connections.Select(connection => connection.Network).Where(network => !HostBridge.Exists(network)))
                HostBridge.Forget(network);
            Faults.Point("network.opened");
        }
        catch (NetworkException)
        {
            // A program is gone. The container has to be removable all the same; the collection of orphans finds a bridge that stays.
        }
        GiveBack(record.Connections, places, paths);
        Faults.Point("network.given");
        File.Delete(paths.Network);
    }

    // True where the container's own namespace was still there.
    private static bool TearDown(ConnectionRecord record, NetworkPlaces places, ContainerPaths paths, SafeFileHandle? space)
    {
        if (record.Connections.Count == 0)
            return true;
        if (space is not null && Netavark.TearDown(record, places, space) is null)
            return true;
        foreach (Network network in record.Connections.Select(connection => connection.Network))
            HostBridge.AwaitMembers(network, new AddressLeases(places, network).Holders().Count(holder => holder != paths.Network));
        HostBridge.TearDownWithoutSpace(record, places);
        return false;
    }

    /// <summary>Gives addresses back; the caller holds the lock of the networks.</summary>
    internal static void GiveBack(IEnumerable<Connection> connections, NetworkPlaces places, ContainerPaths paths)
    {
        foreach (Connection connection in connections)
            new AddressLeases(places, connection.Network).Release(paths.Network, connection.Addresses);
    }

    /// <summary>The state directory of a container, and the data directory.</summary>
    internal static string[] MountsOf(ContainerPaths paths, ConnectionRecord record) =>
        [Path.GetDirectoryName(Path.GetDirectoryName(paths.Directory))!, Path.GetDirectoryName(record.Places)!];
}
