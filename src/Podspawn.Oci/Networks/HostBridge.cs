using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.Networks.Tools;

namespace Podspawn.Oci.Networks;

/// <summary>The bridge of a network on the host. netavark makes it with the first container, and removes it with the last.</summary>
internal static class HostBridge
{
    private const int PollMilliseconds = 20;
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(5);

    /// <summary>Whether it is there.</summary>
    internal static bool Exists(Network network) => InterfaceCalls.Exists(network.Bridge);

    /// <summary>Waits until no more interfaces are in it than that many: the kernel removes those of an ended container a moment after its end.</summary>
    internal static void AwaitMembers(Network network, int most)
    {
        long start = Stopwatch.GetTimestamp();
        while (Members(network) > most && Stopwatch.GetElapsedTime(start) < LongestEnd)
            Thread.Sleep(PollMilliseconds);
    }

    /// <summary>Removes it with everything that belongs to it, where no container is on it. The caller holds the lock of the networks.</summary>
    internal static void Clear(NetworkPlaces places, Network network)
    {
        if (Exists(network))
        {
            AwaitMembers(network, 0);
            // netavark removes a bridge with its last container only: one is put there, and taken away.
            var record = new ConnectionRecord
            {
                Places = places.Directory,
                Id = network.Id,
                Name = "",
                Connections = [new Connection(network, ContainerNetworks.InterfaceOf(0), [.. network.Subnets.Select(subnet => subnet.Next(null, _ => false)!)], [])],
            };
            TearDownWithoutSpace(record, places);
        }
        Forget(network);
    }

    /// <summary>Removes what else a bridge has that is gone: our rules, and the chains for ports, which netavark leaves empty.</summary>
    internal static void Forget(Network network)
    {
        HostRules.Remove(network);
        // netavark's name for it: the beginning of a hash of the network's name.
        string chain = $"NETAVARK-DN-{Convert.ToHexString(SHA512.HashData(Encoding.UTF8.GetBytes(network.Bridge)))[..13]}";
        foreach (string tables in network.HasV6 ? ["iptables", "ip6tables"] : (string[])["iptables"])
            _ = HostTool.Run(HostTool.Require(tables), ["-w", "-t", "nat", "-X", chain], default);
    }

    /// <summary>Undoes a connection whose network namespace is gone: netavark finds what it is to undo in a new one that is connected in the same way.</summary>
    internal static void TearDownWithoutSpace(ConnectionRecord record, NetworkPlaces places)
    {
        using SafeFileHandle space = NetworkSpace.Make();
        try
        {
            _ = Netavark.SetUp(record, places, space);
        }
        catch (NetworkException)
        {
            // What it could do is undone below.
        }
        _ = Netavark.TearDown(record, places, space);
    }

    private static int Members(Network network)
    {
        if (!Exists(network))
            return 0;
        (int status, string output, _) = HostTool.Run(HostTool.Require("ip"), ["-oneline", "link", "show", "master", network.Bridge], default);
        return status == 0 ? output.Count(c => c == '\n') : 0;
    }
}
