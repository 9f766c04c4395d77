using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Podspawn.Oci.Native;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.Networks.Tools;
using Podspawn.Oci.State;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Networks.Egress;

/// <summary>
/// The server of names of one container (dnsmasq), on the host's side: it resolves what the container's policies allow, refuses all else without asking
/// anybody, and opens the addresses that it finds.
/// </summary>
internal static class NameServer
{
    internal const string Program = "dnsmasq";
    private const string Flag = "--conf-file=";
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(5);

    /// <summary>Starts it, in place of an earlier one, and returns the port at which it listens.</summary>
    /// <exception cref="NetworkException">It cannot be started.</exception>
    internal static int Start(ConnectionRecord record, ContainerPaths paths)
    {
        Stop(paths);
        IPAddress[] servers = [.. HeldPolicy.Fenced(record).Select(connection => FenceDocument.ServerOf(connection.Network))];
        for (DateTime end = DateTime.UtcNow + LongestStart; ; Thread.Sleep(20))
        {
            string error;
            if (FreePort(servers[0]) is { } port)
            {
                File.WriteAllText(paths.NamesConfig, Config(record, paths, servers, port));
                (int status, _, error) = HostTool.Run(HostTool.Require(Program), [$"{Flag}{paths.NamesConfig}"], default);
                if (status == 0)
                    return port;
            }
            else
            {
                error = $"{servers[0]} is not there";
            }
            // Another process was faster, or the address of a new bridge is not ready yet.
            if (DateTime.UtcNow > end || !(error.Contains("in use", StringComparison.Ordinal) || error.Contains("not there", StringComparison.Ordinal)))
                throw new NetworkException($"the names that may be reached cannot be resolved: {Program}: {Printable.Line(error.Trim())}");
        }
    }

    /// <summary>Ends it, and every earlier one.</summary>
    internal static void Stop(ContainerPaths paths)
    {
        MarkedProcesses.End(pid => IsOurs(pid, paths));
        File.Delete(paths.NamesConfig);
        File.Delete(paths.NamesPid);
    }

    /// <summary>Whether it runs.</summary>
    internal static bool IsRunning(ContainerPaths paths) => MarkedProcesses.Others().Any(pid => IsOurs(pid, paths));

    /// <summary>What dnsmasq reads (dnsmasq(8)).</summary>
    internal static string Config(ConnectionRecord record, ContainerPaths paths, IReadOnlyList<IPAddress> servers, int port)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"port={port}\nbind-interfaces\nno-hosts\nmax-ttl={FenceDocument.ResolvedSeconds}\n");
        // Each answer has to go through our hands, and open its addresses.
        text.Append("cache-size=0\n");
        text.Append($"pid-file={paths.NamesPid}\nuser={User()}\n");
        // With servers for all names, dnsmasq would ask them whatever is not refused by name.
        text.Append("no-resolv\n");
        foreach (IPAddress server in servers)
            text.Append($"listen-address={server}\n");
        // There is no such name, as far as the container can tell.
        text.Append("address=/#/\n");
        IReadOnlyList<string> names = ResolvableNames.Of(record), upstreams = record.Upstreams.Count > 0 ? record.Upstreams : OfHost();
        foreach (string name in names)
            AppendServers(text, record, name, upstreams);
        // What is below a name is not allowed by it.
        bool IsOpenBelow(string name) => names.Any(other => EgressRule.Covers(other, $"*.{name}"));
        foreach (string name in names.Where(name => !EgressRule.IsBelow(name)).SelectMany(EgressRule.FormsOf).Where(name => !IsOpenBelow(name)))
            text.Append($"address=/*.{name}/\n");
        foreach (string domain in names.SelectMany(name => EgressRule.FormsOf(EgressRule.DomainOf(name))).Distinct())
            text.Append($"nftset=/{domain}/{string.Join(',', ResolvableNames.SetsOf(record, FenceDocument.TableOf(record.Id), domain))}\n");
        return text.ToString();
    }

    private static void AppendServers(StringBuilder text, ConnectionRecord record, string name, IReadOnlyList<string> others)
    {
        bool ofNetwork = EgressRule.IsOfNetwork(name);
        IReadOnlyList<string> upstreams = ofNetwork
            ? [.. record.Connections.Where(connection => connection.Network.HasNames).Select(connection => FenceDocument.ServerOf(connection.Network).ToString())]
            // Nothing of what they answer could be reached.
            : record.Connections.All(connection => connection.Network.IsInternal) ? [] : others;
        foreach (string form in ofNetwork ? EgressRule.FormsOf(name) : [name])
        {
            foreach (string upstream in upstreams)
                text.Append($"server=/{form}/{upstream}\n");
        }
    }

    // Those that the host asks at this moment (resolv.conf(5)).
    private static string[] OfHost() => [.. (SmallFile.Read("/etc/resolv.conf") ?? "").Split('\n').Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        .Where(words => words is ["nameserver", var address, ..] && IPAddress.TryParse(address, out _)).Select(words => words[1])];

    // Debian's package makes it; its rights are those to open addresses.
    private static string User() =>
        (SmallFile.Read("/etc/passwd", 1 << 20) ?? "").Split('\n').Any(line => line.StartsWith($"{Program}:", StringComparison.Ordinal)) ? Program : "nobody";

    // A port that is free at an address; null where the address is not ready.
    private static int? FreePort(IPAddress address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, 0));
            return ((IPEndPoint)socket.LocalEndPoint!).Port;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            return null;
        }
    }

    // A container's process may call itself what it wants: it is in another namespace. This one has left our user, so that no mark in its environment is asked for.
    private static bool IsOurs(int pid, ContainerPaths paths) =>
        SmallFile.Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline"))?.Split('\0').Contains($"{Flag}{paths.NamesConfig}") == true
        && MarkedProcesses.InOurNamespace(pid, "pid") && ProcessStat.Read(pid) is { IsDead: false };
}
