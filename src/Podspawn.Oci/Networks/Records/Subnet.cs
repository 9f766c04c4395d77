using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Podspawn.Oci.Networks.Records;

/// <summary>The addresses of a network: a block of them, and which one is the host's.</summary>
/// <param name="Block">The block, such as 10.89.0.0/24.</param>
/// <param name="Gateway">The host's address in it.</param>
public sealed record Subnet(IPNetwork Block, IPAddress Gateway)
{
    /// <summary>A block with the host at its first address, as podman has it.</summary>
    internal static Subnet Of(IPNetwork block) => new(block, At(block, 1));

    /// <summary>Whether it is of IPv6.</summary>
    public bool IsV6 => Block.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;

    // The number of the last address that somebody can have, counted from the block's own: the last one of IPv4 is for broadcasts.
    private UInt128 Last => (UInt128.One << (Bits(Block) - Block.PrefixLength)) - (IsV6 ? 1u : 2u);

    /// <summary>Whether an address can be a container's.</summary>
    internal bool Offers(IPAddress address) => Block.Contains(address) && !address.Equals(Gateway) && Index(address) >= 1 && Index(address) <= Last;

    /// <summary>The first free address behind another one; after the last comes the first. Null where none is free.</summary>
    /// <param name="behind">The address that was given last; null for none.</param>
    /// <param name="isTaken">Whether a container has an address.</param>
    internal IPAddress? Next(IPAddress? behind, Func<IPAddress, bool> isTaken)
    {
        const int MostTries = 1 << 20;
        UInt128 start = behind is not null && Block.Contains(behind) ? Index(behind) : 0;
        for (UInt128 i = 0; i < Last && i < MostTries; i++)
        {
            IPAddress address = At(Block, (start + i) % Last + 1);
            if (Offers(address) && !isTaken(address))
                return address;
        }
        return null;
    }

    /// <summary>Whether two blocks have addresses in common.</summary>
    internal static bool Meet(IPNetwork one, IPNetwork other) =>
        one.BaseAddress.AddressFamily == other.BaseAddress.AddressFamily && (one.Contains(other.BaseAddress) || other.Contains(one.BaseAddress));

    /// <inheritdoc/>
    public override string ToString() => Block.ToString();

    private UInt128 Index(IPAddress address) => Number(address) - Number(Block.BaseAddress);

    private static int Bits(IPNetwork block) => block.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32;

    private static UInt128 Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out int length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static IPAddress At(IPNetwork block, UInt128 offset)
    {
        Span<byte> bytes = stackalloc byte[16];
        UInt128 number = Number(block.BaseAddress) + offset;
        if (Bits(block) == 32)
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)number);
        else
            BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(bytes[..(Bits(block) / 8)]);
    }
}
