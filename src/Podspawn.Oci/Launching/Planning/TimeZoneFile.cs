using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>The host's file of a time zone (tzfile(5)), which a container gets as its /etc/localtime.</summary>
internal static class TimeZoneFile
{
    private const string Local = "local", Database = "/usr/share/zoneinfo";
    private const int Largest = 1 << 20;

    /// <summary>Reads the file of a zone's name, or the host's own for <c>local</c>; null for no name.</summary>
    /// <exception cref="ContainerException">The host has no such zone.</exception>
    internal static ReadOnlyMemory<byte>? Read(string? zone)
    {
        if (zone is null)
            return null;
        bool isName = zone.Length > 0 && zone.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '+' or '-' or '/') && zone[0] != '/';
        try
        {
            ReadOnlyMemory<byte> content = isName ? RegularFile.Read(zone == Local ? "/etc/localtime" : $"{Database}/{zone}", Largest) : default;
            if (content.Span.StartsWith("TZif"u8))
                return content;
        }
        catch (UnfitFileException)
        {
            // It is reported below, as one that is not there.
        }
        throw new ContainerException($"{Setting.Tz}: this host has no time zone {Printable.Quote(zone)} in {Database}; write local, or a name such as Europe/Vienna");
    }
}
