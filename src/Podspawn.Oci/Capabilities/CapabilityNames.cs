using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Capabilities;

/// <summary>The names of the capabilities, as users write them and as the OCI runtime spec requires them.</summary>
public static class CapabilityNames
{
    /// <summary>The word for every capability.</summary>
    public const string All = "ALL";

    private const string Prefix = "CAP_";

    // Indexed by the kernel's number.
    private static readonly string[] SpecNamesByNumber =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW",
        "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT",
        "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD",
        "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG",
        "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    /// <summary>The capabilities that have a name here; a newer kernel may know more.</summary>
    public static CapabilitySet Named => CapabilitySet.UpTo(SpecNamesByNumber.Length - 1);

    /// <summary>Parses a name in any case, with or without <c>CAP_</c>. <c>ALL</c> is not a capability: see <see cref="IsAll"/>.</summary>
    public static bool TryParse(string name, out Capability capability)
    {
        ArgumentNullException.ThrowIfNull(name);
        ReadOnlySpan<char> word = name;
        if (word.Length > Prefix.Length && Ascii.EqualsIgnoreCase(word[..Prefix.Length], Prefix))
            word = word[Prefix.Length..];

        // Only ASCII letters are folded: in Unicode, the dotless i and the long s are an I and an S too.
        for (int number = 0; number < SpecNamesByNumber.Length; number++)
        {
            if (Ascii.EqualsIgnoreCase(word, SpecNamesByNumber[number].AsSpan(Prefix.Length)))
            {
                capability = (Capability)number;
                return true;
            }
        }

        capability = default;
        return false;
    }

    /// <summary>Whether the word is <c>ALL</c>, in any case.</summary>
    public static bool IsAll(string name) => Ascii.EqualsIgnoreCase(name, All);

    /// <summary>The name in the OCI runtime spec: <c>CAP_NET_BIND_SERVICE</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capability has no name here.</exception>
    public static string SpecName(Capability capability)
    {
        if ((uint)capability >= (uint)SpecNamesByNumber.Length)
            ThrowUnnamed(capability);
        return SpecNamesByNumber[(int)capability];
    }

    /// <summary>The name without the prefix, as configs have it: <c>NET_BIND_SERVICE</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capability has no name here.</exception>
    public static string ShortName(Capability capability) => SpecName(capability)[Prefix.Length..];

    /// <summary>
    /// The spec's names of a set's members, in the order of their numbers. Members without a name are left out, so that the spec never contains a
    /// name that a runtime would not know: that can only remove capabilities.
    /// </summary>
    public static IReadOnlyList<string> SpecNames(CapabilitySet set)
    {
        CapabilitySet named = set & Named;
        string[] names = new string[named.Count];
        int next = 0;
        for (ulong rest = named.Mask; rest != 0; rest &= rest - 1)
            names[next++] = SpecNamesByNumber[BitOperations.TrailingZeroCount(rest)];
        return names;
    }

    /// <summary>The capabilities of a list of names, as <see cref="TryParse"/> accepts them; other words are ignored.</summary>
    public static CapabilitySet SetOf(IEnumerable<string>? names)
    {
        CapabilitySet set = CapabilitySet.Empty;
        foreach (string name in names ?? [])
        {
            if (TryParse(name, out Capability capability))
                set |= CapabilitySet.Of(capability);
        }

        return set;
    }

    /// <summary>The name that a misspelt one was probably meant to be, without the prefix; null where none is near.</summary>
    public static string? Closest(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string word = name.Trim();
        if (word.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            word = word[Prefix.Length..];
        return Suggestion.Closest(word.ToUpperInvariant(), ShortNamesAndAll());
    }

    private static IEnumerable<string> ShortNamesAndAll()
    {
        foreach (string name in SpecNamesByNumber)
            yield return name[Prefix.Length..];
        yield return All;
    }

    [DoesNotReturn]
    private static void ThrowUnnamed(Capability capability) =>
        throw new ArgumentOutOfRangeException(nameof(capability), (int)capability, "this capability has no name here");
}
