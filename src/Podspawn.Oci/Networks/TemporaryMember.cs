using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.State;

namespace Podspawn.Oci.Networks;

/// <summary>A network namespace of our own on a network, as a container would be, for as long as it is held.</summary>
internal sealed class TemporaryMember : IDisposable
{
    private readonly StateLayout layout;
    private readonly NetworkPlaces places;
    private readonly ConnectionRecord record;

    private TemporaryMember(StateLayout layout, NetworkPlaces places, ConnectionRecord record, SafeFileHandle space)
    {
        (this.layout, this.places, this.record) = (layout, places, record);
        Space = space;
    }

    /// <summary>The namespace.</summary>
    internal SafeFileHandle Space { get; }

    /// <summary>The network.</summary>
    internal Network Network => record.Connections[0].Network;

    /// <summary>Its addresses, one of each block.</summary>
    internal IReadOnlyList<IPAddress> Addresses => record.Connections[0].Addresses;

    /// <summary>Its hardware address.</summary>
    internal string MacAddress => record.Connections[0].MacAddress ?? "";

    // An address whose holder is no more is free: this one goes with our process.
    private static string Holder => string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/stat");

    /// <summary>Puts one on a network.</summary>
    /// <exception cref="Errors.ContainerException">There is no such network, or no address is free.</exception>
    /// <exception cref="NetworkException">A program fails.</exception>
    internal static TemporaryMember Join(StateLayout layout, string network, string name, IReadOnlyList<string> aliases)
    {
        NetworkPlaces places = NetworkPlaces.Of(layout);
        Network found = new NetworkStore(layout).Find(network);
        using FileLock held = places.Take();
        IReadOnlyList<IPAddress> addresses = new AddressLeases(places, found).Take(Holder, []);
        var record = new ConnectionRecord
        {
            Places = places.Directory,
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
            Name = name,
            Connections = [new Connection(found, ContainerNetworks.InterfaceOf(0), addresses, aliases)],
        };
        SafeFileHandle space = NetworkSpace.Make();
        try
        {
            record = WithoutMounts.Run(layout.Directories, () =>
            {
                HostRules.Apply(found);
                return Netavark.SetUp(record, places, space);
            });
            return new TemporaryMember(layout, places, record, space);
        }
        catch
        {
            Leave(layout, places, record, space);
            throw;
        }
    }

    public void Dispose()
    {
        using FileLock held = places.Take();
        Leave(layout, places, record, Space);
    }

    // The caller holds the lock of the networks.
    private static void Leave(StateLayout layout, NetworkPlaces places, ConnectionRecord record, SafeFileHandle space)
    {
        using (space)
            _ = WithoutMounts.Run(layout.Directories, () => Netavark.TearDown(record, places, space));
        Connection connection = record.Connections[0];
        new AddressLeases(places, connection.Network).Release(Holder, connection.Addresses);
        if (!HostBridge.Exists(connection.Network))
            HostBridge.Forget(connection.Network);
    }
}
