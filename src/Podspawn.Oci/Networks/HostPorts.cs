using System.Net;
using System.Net.Sockets;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Networks;

/// <summary>Finds out whether the host's ports that a container asks for are free. netavark does not listen on them: two containers could have the same one.</summary>
internal static class HostPorts
{
    /// <summary>The ports, each with its number where any free one was asked for.</summary>
    /// <param name="asked">What was asked for.</param>
    /// <param name="published">What other containers have.</param>
    /// <param name="hasV6">Whether a port at every address is at those of IPv6 too.</param>
    /// <exception cref="ContainerException">A port is taken.</exception>
    internal static IReadOnlyList<PublishedPort> Choose(IReadOnlyList<PublishedPort> asked, IReadOnlyList<PublishedPort> published, bool hasV6)
    {
        var chosen = new List<PublishedPort>();
        foreach (PublishedPort port in asked)
        {
            bool Meets(PublishedPort other) => HaveInCommon(port, other);
            if (port.HostPort == 0)
                chosen.Add(port with { HostPort = Free(port, [.. published, .. chosen]) });
            else if (published.FirstOrDefault(Meets) is { } theirs)
                throw Taken(port, Math.Max(port.HostPort, theirs.HostPort), "another container has it");
            else if (chosen.Any(Meets))
                throw Taken(port, port.HostPort, "it is published twice");
            else
                chosen.Add(port);
        }
        foreach (PublishedPort port in chosen)
        {
            for (int i = 0; i < port.Range; i++)
            {
                Bind(port, port.HostPort + i).Dispose();
                if (port.HostAddress is null && hasV6)
                    Bind(port with { HostAddress = "::" }, port.HostPort + i).Dispose();
            }
        }
        return chosen;
    }

    private static int Free(PublishedPort port, IReadOnlyList<PublishedPort> published)
    {
        const int MostTries = 100;
        for (int i = 0; i < MostTries; i++)
        {
            using Socket socket = Bind(port, 0);
            int number = ((IPEndPoint)socket.LocalEndPoint!).Port;
            PublishedPort found = port with { HostPort = number };
            if (number + port.Range <= ushort.MaxValue && !published.Any(other => HaveInCommon(found, other)))
                return number;
        }
        throw new ContainerException($"{Setting.Publish}: no port of the host is free for port {port.ContainerPort} of the container; name one");
    }

    private static bool HaveInCommon(PublishedPort one, PublishedPort other) => one.Protocol == other.Protocol && other.HostPort != 0
        && (one.IsAnyAddress || other.IsAnyAddress || one.HostAddress == other.HostAddress)
        && one.HostPort < other.HostPort + other.Range && other.HostPort < one.HostPort + one.Range;

    private static Socket Bind(PublishedPort port, int number)
    {
        IPAddress address = port.HostAddress is null ? IPAddress.Any : IPAddress.Parse(port.HostAddress);
        Socket socket = port.Protocol switch
        {
            "udp" => new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp),
            _ => new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp),
        };
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.Bind(new IPEndPoint(address, number));
            if (port.Protocol != "udp")
                socket.Listen(1);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw Taken(port, number, e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "address already in use",
                SocketError.AddressNotAvailable => "the host has no such address",
                _ => e.Message,
            });
        }
    }

    private static ContainerException Taken(PublishedPort port, int number, string why)
    {
        var place = new IPEndPoint(port.HostAddress is null ? IPAddress.Any : IPAddress.Parse(port.HostAddress), number);
        return new ContainerException($"{Setting.Publish}: port {place}/{port.Protocol} of the host cannot be had: {why}; choose another");
    }
}
