using System.Buffers.Binary;
using System.Globalization;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images;

/// <summary>Tells which platforms' programs this host can run.</summary>
public static class PlatformSupport
{
    private const string Handlers = "/proc/sys/fs/binfmt_misc";
    private const int MachineOffset = 18; // e_machine (elf(5))

    /// <summary>Whether programs of the platform run here: by the processor itself, or by an interpreter that binfmt_misc knows
    /// (Documentation/admin-guide/binfmt-misc.rst).</summary>
    public static bool CanRun(ImagePlatform platform) =>
        platform.Os == ImagePlatform.Host.Os
        && (platform.Architecture == ImagePlatform.Host.Architecture
            || (platform.Architecture == "386" && ImagePlatform.Host.Architecture == "amd64")
            || (platform.Machine is { } machine && Directory.Exists(Handlers) && Directory.GetFiles(Handlers).Any(file => Handles(SmallFile.Read(file) ?? "", machine))));

    /// <summary>Whether a handler's file says that it is enabled for ELF programs of a machine.</summary>
    internal static bool Handles(string handler, ushort machine)
    {
        const string Magic = "magic ";
        string[] lines = handler.Split('\n');
        if (lines[0] != "enabled" || lines.FirstOrDefault(line => line.StartsWith(Magic, StringComparison.Ordinal))?[Magic.Length..] is not { } hex)
            return false;
        if (hex.Length < 2 * (MachineOffset + 2) || !hex.StartsWith("7f454c46", StringComparison.OrdinalIgnoreCase))
            return false;
        return ushort.TryParse(hex.AsSpan(2 * MachineOffset, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort found)
            && BinaryPrimitives.ReverseEndianness(found) == machine;
    }
}
