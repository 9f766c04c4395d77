using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Networks.Records;

namespace Podspawn.Oci.Networks;

/// <summary>Finds addresses for a new network that nobody uses: podman's blocks, without those that another network or the host itself has.</summary>
internal static class FreeSubnets
{
    private const int FirstOfTen = 89, LastOfTen = 127;

    /// <summary>A free block of IPv4.</summary>
    /// <exception cref="ContainerException">None is left.</exception>
    internal static Subnet Version4(IReadOnlyList<IPNetwork> used)
    {
        for (int second = FirstOfTen; second <= LastOfTen; second++)
        {
            for (int third = 0; third < 256; third++)
            {
                var block = new IPNetwork(new IPAddress([10, (byte)second, (byte)third, 0]), 24);
                if (!used.Any(other => Subnet.Meet(block, other)))
                    return Subnet.Of(block);
            }
        }
        throw new ContainerException($"no block of addresses below 10.{FirstOfTen}.0.0 to 10.{LastOfTen}.255.0 is free; name one with {Setting.Subnet}, or remove networks");
    }

    /// <summary>A random block of IPv6 addresses of this site alone (RFC 4193).</summary>
    internal static Subnet Version6()
    {
        byte[] address = new byte[16];
        RandomNumberGenerator.Fill(address.AsSpan(1, 7));
        address[0] = 0xFD;
        return Subnet.Of(new IPNetwork(new IPAddress(address), 64));
    }

    /// <summary>The blocks that the host reaches by an interface or a route of its own, but for those of a bridge that is named.</summary>
    internal static IReadOnlyList<IPNetwork> OfHost(string? bridge = null)
    {
        var used = new List<IPNetwork>();
        foreach (NetworkInterface network in NetworkInterface.GetAllNetworkInterfaces().Where(network => network.Name != bridge))
        {
            foreach (UnicastIPAddressInformation own in network.GetIPProperties().UnicastAddresses.Where(own => !own.Address.IsIPv6LinkLocal))
                used.Add(Block(own.Address, own.PrefixLength));
        }
        // Destination and mask in hexadecimal, the bytes in the host's order (proc(5), /proc/net/route).
        foreach (string[] route in File.Exists("/proc/net/route") ? File.ReadLines("/proc/net/route").Skip(1).Select(line => line.Split('\t')) : [])
        {
            if (route.Length > 7 && route[0] != bridge && Number(route[1]) is { } destination && Number(route[7]) is { } mask && mask != 0)
                used.Add(Block(new IPAddress(destination), System.Numerics.BitOperations.PopCount(mask)));
        }
        // Destination in hexadecimal and its length, the interface at the end (proc(5), /proc/net/ipv6_route).
        IEnumerable<string> six = File.Exists("/proc/net/ipv6_route") ? File.ReadLines("/proc/net/ipv6_route") : [];
        foreach (string[] route in six.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (route is [{ Length: 32 } destination, var length, ..] && route[^1] != bridge && Number(length) is > 0 and <= 128 and var bits)
                used.Add(Block(new IPAddress(Convert.FromHexString(destination)), (int)bits));
        }
        return [.. used.Where(block => !IPAddress.IsLoopback(block.BaseAddress) && !block.BaseAddress.IsIPv6LinkLocal && !block.BaseAddress.IsIPv6Multicast)];
    }

    private static IPNetwork Block(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int bit = length; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPNetwork(new IPAddress(bytes), length);
    }

    private static uint? Number(string text) => uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint number) ? number : null;
}
