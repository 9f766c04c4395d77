using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.Networks.Tools;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Networks;

/// <summary>netavark: makes bridges, interfaces, addresses and the rules for ports, and starts the server of names. It reads one JSON document, and answers with one.</summary>
internal static class Netavark
{
    /// <summary>Connects a network namespace as a record says, and returns the record with what netavark has chosen.</summary>
    /// <exception cref="NetworkException">netavark fails; it may have done a part.</exception>
    internal static ConnectionRecord SetUp(ConnectionRecord record, NetworkPlaces places, SafeFileHandle space)
    {
        ForgetDeadServer(places);
        (int status, string output, string error) = Call("setup", record, places, space);
        if (status != 0)
            throw new NetworkException($"the network cannot be set up: netavark: {ReasonIn(output, error)}");
        JsonElement answer = JsonElement.Parse(output);
        return record with { Connections = [.. record.Connections.Select(connection => With(connection, answer.Needed(Encoding.UTF8.GetBytes(connection.Network.Bridge))))] };
    }

    /// <summary>Undoes it; null where that worked, else why not.</summary>
    internal static string? TearDown(ConnectionRecord record, NetworkPlaces places, SafeFileHandle space)
    {
        (int status, string output, string error) = Call("teardown", record, places, space);
        return status == 0 ? null : ReasonIn(output, error);
    }

    // netavark takes a zombie for a server of names that works, and starts no other.
    private static void ForgetDeadServer(NetworkPlaces places)
    {
        if (SmallFile.Read(places.NameServerPid) is { } text && int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
            && ProcessStat.Read(pid) is null or { IsDead: true })
            File.Delete(places.NameServerPid);
    }

    private static (int Status, string Output, string Error) Call(string verb, ConnectionRecord record, NetworkPlaces places, SafeFileHandle space)
    {
        string program = HostTool.Require("netavark"), names = HostTool.Require("aardvark-dns");
        HostTool.Require("iptables");
        return HostTool.Run(
            program, ["--config", places.Netavark, "--aardvark-binary", names, verb, EntryCalls.PathInProcess(space)], NetavarkRequest.Of(record));
    }

    private static Connection With(Connection connection, JsonElement answer) => connection with
    {
        MacAddress = answer.Field("interfaces"u8)?.Field(Encoding.UTF8.GetBytes(connection.Interface))?.TextOrNull("mac_address"u8) ?? connection.MacAddress,
        Servers = answer.Texts("dns_server_ips"u8),
        Domains = answer.Texts("dns_search_domains"u8),
    };

    // It writes {"error":"..."} to stdout, and log lines to stderr.
    private static string ReasonIn(string output, string error)
    {
        try
        {
            return Printable.Line(JsonElement.Parse(output.Trim()).Text("error"u8));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return error.Split('\n', StringSplitOptions.RemoveEmptyEntries) is [.., string last] ? Printable.Line(last) : "it gave no reason";
        }
    }
}
