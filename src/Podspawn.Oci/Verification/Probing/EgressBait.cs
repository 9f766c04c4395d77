using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Podspawn.Oci.Native;
using Podspawn.Oci.Networks;
using Podspawn.Oci.Networks.Egress;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.State;
using Podspawn.Oci.Verification.Expectations;

namespace Podspawn.Oci.Verification.Probing;

/// <summary>
/// Something that answers on a network for the time of a verification: another member of it, and ports of the host's. It goes with our process, but for the
/// member's address, which the next collection gives back.
/// </summary>
internal sealed class EgressBait : IDisposable
{
    private const string Prefix = "podspawn-oci-bait-";

    private readonly TemporaryMember member;
    private readonly List<Socket> sockets = [];

    private EgressBait(TemporaryMember member, string name, NetworkStore networks, bool canAllow)
    {
        this.member = member;
        int open = 0, named = 0, closed = 0;
        NetworkSpace.Inside(member.Space, () =>
        {
            open = Listen(IPAddress.Any);
            named = Listen(IPAddress.Any);
            closed = Listen(IPAddress.IPv6Any);
            Answer(closed);
            Answer(EgressWays.ServerPort);
        });
        Network network = member.Network;
        IPAddress gateway = network.Subnets[0].Gateway;
        Ways = new EgressWays
        {
            Neighbour = member.Addresses[0].ToString(),
            NeighbourName = name,
            OtherName = OtherOf(name),
            LinkLocal = network.HasV6 ? FrameDocument.LinkLocal(member.MacAddress).ToString() : null,
            OpenPort = canAllow ? open : 0,
            NamedPort = canAllow && network.HasNames ? named : 0,
            ClosedPort = closed,
            Gateway = gateway.ToString(),
            GatewayPort = Listen(gateway),
            LoopbackPort = Listen(IPAddress.Loopback),
            OtherGateways = [.. networks.All().Where(other => other.Name != network.Name && HostBridge.Exists(other)).Select(other => other.Subnets[0].Gateway)
                .Select(address => (address.ToString(), Listen(address)))],
        };
    }

    /// <summary>Where it answers.</summary>
    public EgressWays Ways { get; }

    /// <summary>The rules that allow a part of it.</summary>
    public IReadOnlyList<string> Rules =>
    [
        .. Ways.OpenPort > 0 ? (string[])[Rule(Ways.Neighbour.Contains(':', StringComparison.Ordinal) ? $"[{Ways.Neighbour}]" : Ways.Neighbour, Ways.OpenPort)] : [],
        .. Ways.NamedPort > 0 ? (string[])[Rule(Ways.NeighbourName, Ways.NamedPort)] : [],
    ];

    /// <summary>Lays it out on a network.</summary>
    /// <param name="layout">The store.</param>
    /// <param name="network">The network's name.</param>
    /// <param name="canAllow">Whether rules can be added to those of the container.</param>
    /// <exception cref="Errors.ContainerException">The network has no address left, or a program fails.</exception>
    public static EgressBait Lay(StateLayout layout, string network, bool canAllow)
    {
        string name = $"{Prefix}{ContainerId.NewRandom()}";
        TemporaryMember member = TemporaryMember.Join(layout, network, name, [OtherOf(name)]);
        try
        {
            return new EgressBait(member, name, new NetworkStore(layout), canAllow);
        }
        catch
        {
            member.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (Socket socket in sockets)
            socket.Dispose();
        member.Dispose();
    }

    private static string OtherOf(string name) => $"{name}-other";

    private static string Rule(string host, int port) => string.Create(CultureInfo.InvariantCulture, $"{host}:{port}/tcp");

    // The kernel completes connections to it by itself.
    private int Listen(IPAddress address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        sockets.Add(socket);
        if (address.Equals(IPAddress.IPv6Any))
            socket.DualMode = true;
        socket.Bind(new IPEndPoint(address, 0));
        socket.Listen();
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private void Answer(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sockets.Add(socket);
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        new Thread(() => Echo(socket)) { IsBackground = true }.Start();
    }

    private static void Echo(Socket socket)
    {
        byte[] buffer = new byte[512];
        try
        {
            while (true)
            {
                EndPoint who = new IPEndPoint(IPAddress.Any, 0);
                int length = socket.ReceiveFrom(buffer, ref who);
                socket.SendTo(buffer.AsSpan(0, length), who);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The verification is over.
        }
    }
}
