using System.Numerics;

namespace Podspawn.Oci.Capabilities;

/// <summary>A set of capabilities as the kernel's 64-bit mask (bit n is capability n; proc(5), <c>CapBnd</c>).</summary>
public readonly record struct CapabilitySet(ulong Mask)
{
    /// <summary>The empty set.</summary>
    public static CapabilitySet Empty => default;

    /// <summary>Every capability from 0 to <paramref name="last"/> (<c>/proc/sys/kernel/cap_last_cap</c>).</summary>
    public static CapabilitySet UpTo(int last) => new(last >= 63 ? ulong.MaxValue : (1UL << (last + 1)) - 1);

    /// <summary>The set of the given capabilities.</summary>
    public static CapabilitySet Of(params ReadOnlySpan<Capability> capabilities)
    {
        ulong mask = 0;
        foreach (Capability capability in capabilities)
            mask |= 1UL << (int)capability;
        return new CapabilitySet(mask);
    }

    /// <summary>How many capabilities are in the set.</summary>
    public int Count => BitOperations.PopCount(Mask);

    /// <summary>Whether the capability is in the set.</summary>
    public bool Contains(Capability capability) => (Mask >> (int)capability & 1) != 0;

    /// <summary>Whether every capability of <paramref name="other"/> is in this set.</summary>
    public bool IsSupersetOf(CapabilitySet other) => (other.Mask & ~Mask) == 0;

    /// <summary>The union.</summary>
    public static CapabilitySet operator |(CapabilitySet left, CapabilitySet right) => new(left.Mask | right.Mask);

    /// <summary>The intersection.</summary>
    public static CapabilitySet operator &(CapabilitySet left, CapabilitySet right) => new(left.Mask & right.Mask);

    /// <summary>The difference.</summary>
    public static CapabilitySet operator -(CapabilitySet left, CapabilitySet right) => new(left.Mask & ~right.Mask);

    /// <summary>The union (<c>|</c>).</summary>
    public static CapabilitySet BitwiseOr(CapabilitySet left, CapabilitySet right) => left | right;

    /// <summary>The intersection (<c>&amp;</c>).</summary>
    public static CapabilitySet BitwiseAnd(CapabilitySet left, CapabilitySet right) => left & right;

    /// <summary>The difference (<c>-</c>).</summary>
    public static CapabilitySet Subtract(CapabilitySet left, CapabilitySet right) => left - right;

    /// <summary>The members in the order of their numbers.</summary>
    public IEnumerable<Capability> Members()
    {
        for (ulong rest = Mask; rest != 0; rest &= rest - 1)
            yield return (Capability)BitOperations.TrailingZeroCount(rest);
    }
}
