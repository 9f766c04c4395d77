using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.Networks.Egress;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Networks;

/// <summary>Puts a container that runs on one more network, or takes it off one.</summary>
internal static class NetworkChanges
{
    /// <summary>Puts it on a network.</summary>
    /// <param name="layout">The store.</param>
    /// <param name="paths">The container's paths.</param>
    /// <param name="definition">What it was created from.</param>
    /// <param name="attachment">How it is on the network.</param>
    /// <param name="space">Its network namespace.</param>
    /// <exception cref="Errors.ContainerException">An address cannot be had.</exception>
    /// <exception cref="NetworkException">A program fails; the container is connected as before.</exception>
    internal static void Connect(StateLayout layout, ContainerPaths paths, ContainerDefinition definition, NetworkAttachment attachment, SafeFileHandle space)
    {
        NetworkPlaces places = NetworkPlaces.Of(layout);
        using FileLock held = places.Take();
        ConnectionRecord before = Require(paths, definition);
        string free = Enumerable.Range(0, int.MaxValue).Select(ContainerNetworks.InterfaceOf).First(name => before.Connections.All(connection => connection.Interface != name));
        Connection added = ContainerNetworks.Reserve(places, paths, definition, attachment, new NetworkStore(layout).Find(attachment.Network), free);
        ConnectionRecord alone = before with { Connections = [added], Ports = [] }, reserved = before with { Connections = [.. before.Connections, added] };
        try
        {
            reserved.Write(paths.Network);
            Faults.Point("network.adding");
            ConnectionRecord after = WithoutMounts.Run(ContainerNetworks.MountsOf(paths, before), () =>
            {
                HostRules.Apply(added.Network);
                EgressFence.Prepare(reserved);
                Connection made = Netavark.SetUp(alone, places, space).Connections[0];
                if (!added.Network.IsInternal && before.Connections.Any(connection => !connection.Network.IsInternal))
                    WayOut.Remove(made, space);
                return EgressFence.Raise(before with { Connections = [.. before.Connections, made] }, paths, space);
            });
            Faults.Point("network.added");
            after.Write(paths.Network);
        }
        catch
        {
            _ = WithoutMounts.Run(ContainerNetworks.MountsOf(paths, before), () => Netavark.TearDown(alone, places, space));
            EgressFence.Change(reserved, before, paths).Write(paths.Network);
            ContainerNetworks.GiveBack([added], places, paths);
            throw;
        }
    }

    /// <summary>Takes it off a network.</summary>
    /// <exception cref="NetworkException">A program fails.</exception>
    internal static void Disconnect(ContainerPaths paths, ContainerDefinition definition, string network, SafeFileHandle space)
    {
        ConnectionRecord before = Require(paths, definition);
        var places = new NetworkPlaces(before.Places);
        using FileLock held = places.Take();
        if (before.Connections.FirstOrDefault(connection => connection.Network.Name == network) is not { } removed)
            return;
        Connection[] rest = [.. before.Connections.Where(connection => connection != removed)];
        ConnectionRecord after = WithoutMounts.Run(ContainerNetworks.MountsOf(paths, before), () =>
        {
            if (Netavark.TearDown(before with { Connections = [removed] }, places, space) is { } why)
                throw new NetworkException($"container '{definition.Name}' cannot be taken off network '{network}': netavark: {why}");
            Faults.Point("network.parted");
            if (before.Connections.FirstOrDefault(connection => !connection.Network.IsInternal) == removed
                && rest.FirstOrDefault(connection => !connection.Network.IsInternal) is { } next)
                WayOut.Add(next, space);
            if (!HostBridge.Exists(removed.Network))
                HostBridge.Forget(removed.Network);
            return EgressFence.Change(before, before with { Connections = rest }, paths);
        });
        after.Write(paths.Network);
        Faults.Point("network.removed");
        ContainerNetworks.GiveBack([removed], places, paths);
    }

    private static ConnectionRecord Require(ContainerPaths paths, ContainerDefinition definition) => ConnectionRecord.Read(paths.Network)
        ?? throw new NetworkException($"container '{definition.Name}': {paths.Network} is not there, though it runs; start it again");
}
