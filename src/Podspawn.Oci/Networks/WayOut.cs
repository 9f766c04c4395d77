using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.Networks.Tools;

namespace Podspawn.Oci.Networks;

/// <summary>
/// The routes by which a container reaches all that is on none of its networks. netavark makes one by each network; the first that leads out is meant, and
/// runsc of 2022 takes no second.
/// </summary>
internal static class WayOut
{
    /// <summary>Removes the way out by a network.</summary>
    /// <exception cref="NetworkException">ip(8) fails.</exception>
    internal static void Remove(Connection connection, SafeFileHandle space)
    {
        foreach (Subnet subnet in connection.Network.Subnets)
            HostTool.RunInside(space, "ip", Family(subnet), "route", "del", "default", "dev", connection.Interface);
    }

    /// <summary>Makes a way out by a network.</summary>
    /// <exception cref="NetworkException">ip(8) fails.</exception>
    internal static void Add(Connection connection, SafeFileHandle space)
    {
        foreach (Subnet subnet in connection.Network.Subnets)
            HostTool.RunInside(space, "ip", Family(subnet), "route", "add", "default", "via", subnet.Gateway.ToString(), "dev", connection.Interface);
    }

    private static string Family(Subnet subnet) => subnet.IsV6 ? "-6" : "-4";
}
