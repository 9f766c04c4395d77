using System.Net;
using System.Net.Sockets;

namespace Podspawn.Oci.Text;

/// <summary>The texts of internet addresses.</summary>
internal static class AddressText
{
    /// <summary>
    /// The address that a text names, without a scope; null for none. An address of IPv4 has four numbers in decimal: .NET takes "1" for 0.0.0.1, and
    /// "010" for 8, as inet_aton(3) does.
    /// </summary>
    internal static IPAddress? Parse(string text) => IPAddress.TryParse(text, out IPAddress? address) && !text.Contains('%', StringComparison.Ordinal)
        && (address.AddressFamily == AddressFamily.InterNetworkV6 ? !address.IsIPv4MappedToIPv6 : address.ToString() == text)
            ? address
            : null;
}
