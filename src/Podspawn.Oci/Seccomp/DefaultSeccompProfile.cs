using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Seccomp;

/// <summary>
/// The filter that Docker's engine applies by default: EPERM for every call, except for those that ordinary programs need, and those that a granted
/// capability is for.
/// </summary>
public sealed class DefaultSeccompProfile : SeccompProfile
{
    private const string Allow = "SCMP_ACT_ALLOW";
    private const string Errno = "SCMP_ACT_ERRNO";
    private const uint Eperm = 1;
    private const uint Enosys = 38;

    // CLONE_NEWNS | NEWCGROUP | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET (clone(2))
    private const ulong NewNamespaces = 0x7E02_0000;

    // Socket domains (linux/socket.h).
    private const ulong Inet6Domain = 10; // AF_INET6
    private const ulong NetlinkDomain = 16; // AF_NETLINK; 17 is AF_PACKET
    private const ulong AlgDomain = 38; // AF_ALG, the kernel's cryptography
    private const ulong VsockDomain = 40; // AF_VSOCK, the way to the hypervisor and its other guests, which no network namespace closes

    // PER_LINUX32 | UNAME26: each may be set or not (personality(2))
    private const ulong HarmlessPersonality = 0x2_0008;
    private const ulong AskPersonality = 0xFFFF_FFFF;

    private static readonly Version TracingIsFiltered = new(4, 8);

    private DefaultSeccompProfile()
    {
    }

    /// <summary>The one profile.</summary>
    public static DefaultSeccompProfile Instance { get; } = new();

    /// <inheritdoc/>
    public override LinuxSeccomp Resolve(CapabilitySet bounding, CpuArchitecture architecture, Version kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        return new LinuxSeccomp
        {
            DefaultAction = Errno,
            DefaultErrnoRet = Eperm,
            Architectures = SeccompArchitectures.WithSubArchitectures(architecture),
            Syscalls = Rules(bounding, architecture, kernel),
        };
    }

    // As few rules as possible: each costs a runtime time, and a call that is allowed as a whole must have no condition beside it.
    private static List<SeccompRule> Rules(CapabilitySet bounding, CpuArchitecture architecture, Version kernel)
    {
        List<SeccompRule> rules =
        [
            new(AllowedCalls(bounding, architecture, kernel), Allow),

            When("personality", 0, "SCMP_CMP_MASKED_EQ", ~HarmlessPersonality, 0),
            When("personality", 0, "SCMP_CMP_EQ", AskPersonality),
        ];
        AddSockets(rules, bounding);

        if (!bounding.Contains(Capability.SysAdmin))
        {
            // The flags of clone3 are in memory, which a filter cannot read; ENOSYS makes a C library fall back to clone.
            rules.Add(When("clone", 0, "SCMP_CMP_MASKED_EQ", NewNamespaces, 0));
            rules.Add(new SeccompRule(["clone3"], Errno, Enosys));
        }

        return rules;
    }

    // The kernel uses 32 bits of the domain and a filter 64: the allowed ones are listed, since "not 38" would let 38 with a high bit pass.
    private static void AddSockets(List<SeccompRule> rules, CapabilitySet bounding)
    {
        // The domain of a 32-bit program's socketcall is in memory, which a filter cannot read. This precedes the rules for socket, from which
        // libseccomp also derives some for socketcall (https://github.com/moby/profiles/pull/21); ENOSYS, since runtimes leave out rules that equal
        // the default.
        rules.Add(new SeccompRule(["socketcall"], Errno, Enosys));

        if (bounding.Contains(Capability.NetAdmin))
        {
            // As Docker has it: 0 to 37, 39, and 41 to 47 (the kernel's last is 45).
            rules.Add(When("socket", 0, "SCMP_CMP_LT", AlgDomain));
            rules.Add(When("socket", 0, "SCMP_CMP_EQ", AlgDomain + 1));
            rules.Add(When("socket", 0, "SCMP_CMP_EQ", VsockDomain + 1));
            rules.Add(When("socket", 0, "SCMP_CMP_MASKED_EQ", ~1UL, VsockDomain + 2));
            rules.Add(When("socket", 0, "SCMP_CMP_MASKED_EQ", ~3UL, VsockDomain + 4));
            return;
        }

        // AF_UNIX, AF_INET, AF_INET6, AF_NETLINK and AF_PACKET: all others are protocols that are hardly used, and large parts of the kernel to
        // attack, some of which are not divided by network namespaces.
        rules.Add(When("socket", 0, "SCMP_CMP_LT", 3));
        rules.Add(When("socket", 0, "SCMP_CMP_EQ", Inet6Domain));
        rules.Add(When("socket", 0, "SCMP_CMP_MASKED_EQ", ~1UL, NetlinkDomain));
    }

    private static List<string> AllowedCalls(CapabilitySet bounding, CpuArchitecture architecture, Version kernel)
    {
        var calls = new List<string>(DefaultSeccompCalls.Always.Length + 64);
        calls.AddRange(DefaultSeccompCalls.Always);
        calls.AddRange(architecture == CpuArchitecture.X64 ? DefaultSeccompCalls.OnX64 : DefaultSeccompCalls.OnArm64);

        int sharedFrom = calls.Count; // from here on groups overlap: CAP_BPF and CAP_SYS_ADMIN both allow bpf
        if (kernel >= TracingIsFiltered)
            calls.AddRange(DefaultSeccompCalls.Tracing);
        foreach (CapabilityCalls group in DefaultSeccompCalls.WithCapability)
        {
            if (!bounding.Contains(group.Capability))
                continue;
            foreach (string name in group.Names)
            {
                if (calls.IndexOf(name, sharedFrom) < 0)
                    calls.Add(name);
            }
        }

        return calls;
    }

    private static SeccompRule When(string name, uint index, string comparison, ulong value, ulong? valueTwo = null) =>
        new([name], Allow, Args: [new SeccompArgument(index, value, valueTwo, comparison)]);
}
