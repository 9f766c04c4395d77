using CsCheck;
using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Seccomp;
using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Tests.Seccomp;

public class DefaultSeccompProfileSpecs
{
    private static readonly Version Modern = new(6, 1);
    private static readonly CapabilitySet Default = new(0x4cb);
    private static readonly CapabilitySet All = CapabilitySet.UpTo(40);

    [Fact]
    public void What_no_rule_names_gets_EPERM()
    {
        LinuxSeccomp filter = Resolve(All);

        Assert.Equal("SCMP_ACT_ERRNO", filter.DefaultAction);
        Assert.Equal(1u, filter.DefaultErrnoRet);
    }

    [Theory]
    [InlineData("read")]
    [InlineData("openat")]
    [InlineData("execve")]
    [InlineData("futex")]
    [InlineData("mmap")]
    [InlineData("chown")]
    [InlineData("setuid")]
    [InlineData("bind")]
    [InlineData("ptrace")]
    public void Ordinary_calls_are_allowed_without_any_capability(string call) =>
        Assert.Equal("allowed", Filter.Verdict(Resolve(CapabilitySet.Empty), call));

    [Theory]
    [InlineData("add_key")]
    [InlineData("keyctl")]
    [InlineData("request_key")]
    [InlineData("io_uring_setup")]
    [InlineData("kexec_load")]
    [InlineData("userfaultfd")]
    [InlineData("pivot_root")]
    [InlineData("swapon")]
    [InlineData("move_pages")]
    [InlineData("uselib")]
    public void Dangerous_calls_are_refused_with_every_capability(string call) => Assert.Equal("refused", Filter.Verdict(Resolve(All), call));

    [Theory]
    [InlineData(Capability.DacReadSearch, "open_by_handle_at")]
    [InlineData(Capability.SysAdmin,
        "bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie lsm_get_self_attr lsm_list_modules lsm_set_self_attr "
        + "mount mount_setattr move_mount open_tree perf_event_open quotactl quotactl_fd setdomainname sethostname setns syslog umount umount2 unshare")]
    [InlineData(Capability.SysBoot, "reboot")]
    [InlineData(Capability.SysChroot, "chroot")]
    [InlineData(Capability.SysModule, "delete_module finit_module init_module")]
    [InlineData(Capability.SysPacct, "acct")]
    [InlineData(Capability.SysPtrace, "kcmp pidfd_getfd process_madvise")]
    [InlineData(Capability.SysRawio, "ioperm iopl")]
    [InlineData(Capability.SysTime, "clock_settime clock_settime64 settimeofday stime")]
    [InlineData(Capability.SysTtyConfig, "vhangup")]
    [InlineData(Capability.SysNice, "get_mempolicy mbind set_mempolicy set_mempolicy_home_node")]
    [InlineData(Capability.Syslog, "syslog")]
    [InlineData(Capability.Bpf, "bpf")]
    [InlineData(Capability.Perfmon, "perf_event_open")]
    public void A_capability_opens_exactly_its_own_calls(Capability capability, string calls)
    {
        LinuxSeccomp without = Resolve(CapabilitySet.Empty);
        LinuxSeccomp with = Resolve(CapabilitySet.Of(capability));

        Assert.Equal(
            calls.Split(' '),
            Filter.Names(with).Distinct()
                .Where(call => Filter.Verdict(with, call) == "allowed" && Filter.Verdict(without, call) != "allowed")
                .Order(StringComparer.Ordinal));
        Assert.All(calls.Split(' '), call => Assert.NotEqual("allowed", Filter.Verdict(without, call)));
    }

    [Fact]
    public void Capabilities_that_open_nothing_leave_the_filter_as_it_is() => Assert.Equivalent(
        Resolve(CapabilitySet.Empty),
        Resolve(CapabilitySet.Of(Capability.Chown, Capability.NetRaw, Capability.SysResource, (Capability)41)),
        strict: true);

    [Fact]
    public void The_default_config_blocks_chroot_and_dockers_fourteen_do_not()
    {
        Assert.Equal("refused", Filter.Verdict(Resolve(Default), "chroot"));
        Assert.Equal("allowed", Filter.Verdict(Resolve(CapabilityRule.DockerDefault), "chroot"));
    }

    [Theory]
    [InlineData(4, 7, "refused")]
    [InlineData(3, 19, "refused")]
    [InlineData(4, 8, "allowed")]
    [InlineData(5, 0, "allowed")]
    public void Tracing_is_open_to_all_from_Linux_4_8(int major, int minor, string verdict)
    {
        LinuxSeccomp filter = DefaultSeccompProfile.Instance.Resolve(Default, CpuArchitecture.X64, new Version(major, minor));

        Assert.All(["ptrace", "process_vm_readv", "process_vm_writev"], call => Assert.Equal(verdict, Filter.Verdict(filter, call)));
    }

    [Fact]
    public void Tracing_is_open_on_any_kernel_with_SYS_PTRACE()
    {
        LinuxSeccomp filter = DefaultSeccompProfile.Instance.Resolve(
            CapabilitySet.Of(Capability.SysPtrace), CpuArchitecture.X64, new Version(4, 4));

        Assert.All(["ptrace", "process_vm_readv", "process_vm_writev"], call => Assert.Equal("allowed", Filter.Verdict(filter, call)));
    }

    private const ulong LastDomain = 45; // AF_MCTP

    [Fact]
    public void Only_the_socket_domains_that_programs_speak_are_allowed()
    {
        ulong[] spoken = [0, 1, 2, 10, 16, 17]; // AF_UNSPEC, which the kernel refuses, AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET
        LinuxSeccomp filter = Resolve(All - CapabilitySet.Of(Capability.NetAdmin));

        for (ulong domain = 0; domain <= LastDomain + 100; domain++)
            Assert.Equal(spoken.Contains(domain) ? "allowed" : "refused", Filter.Verdict(filter, "socket", domain, 1, 0));
    }

    [Fact]
    public void With_NET_ADMIN_every_socket_domain_is_allowed_but_the_kernels_cryptography_and_the_way_to_the_hypervisor()
    {
        LinuxSeccomp filter = Resolve(CapabilitySet.Of(Capability.NetAdmin));

        for (ulong domain = 0; domain <= LastDomain; domain++)
            Assert.Equal(domain is 38 or 40 ? "refused" : "allowed", Filter.Verdict(filter, "socket", domain, 1, 0));
    }

    [Fact]
    public void A_refused_socket_domain_does_not_pass_with_high_bits_that_the_kernel_ignores() => Gen.Select(Gen.UInt, Gen.UInt[0, 63], Gen.Bool)
        .Sample((high, domain, administers) =>
    {
        LinuxSeccomp filter = Resolve(administers ? All : Default);
        ulong plain = domain, dressed = ((ulong)high << 32) | domain;

        if (Filter.Verdict(filter, "socket", plain, 1, 0) == "refused")
            Assert.Equal("refused", Filter.Verdict(filter, "socket", dressed, 1, 0));
    });

    [Fact]
    public void The_call_of_32_bit_programs_that_hides_its_socket_domain_does_not_exist_and_stands_before_the_rules_for_sockets()
    {
        LinuxSeccomp filter = Resolve(All);
        List<string> names = [.. Filter.Names(filter)];

        Assert.Equal("errno 38", Filter.Verdict(filter, "socketcall"));
        Assert.True(names.IndexOf("socketcall") < names.IndexOf("socket"));
    }

    [Theory]
    [InlineData(0, "allowed")]
    [InlineData(8, "allowed")]
    [InlineData(0x20000, "allowed")]
    [InlineData(0x20008, "allowed")]
    [InlineData(0xffffffff, "allowed")]
    [InlineData(1, "refused")]
    [InlineData(0x40000, "refused")] // ADDR_NO_RANDOMIZE
    [InlineData(0x400000, "refused")] // READ_IMPLIES_EXEC
    [InlineData(0x60008, "refused")]
    [InlineData(0x1_0000_0000, "refused")]
    [InlineData(0xffff_ffff_ffff_ffff, "refused")]
    public void Personality_takes_five_values(ulong value, string verdict) =>
        Assert.Equal(verdict, Filter.Verdict(Resolve(All), "personality", value));

    [Theory]
    [InlineData(0x0000_0011, "allowed")] // SIGCHLD: fork
    [InlineData(0x003d_0f00, "allowed")] // a thread
    [InlineData(0x0002_0000, "refused")] // CLONE_NEWNS
    [InlineData(0x0200_0000, "refused")] // CLONE_NEWCGROUP
    [InlineData(0x0400_0000, "refused")] // CLONE_NEWUTS
    [InlineData(0x0800_0000, "refused")] // CLONE_NEWIPC
    [InlineData(0x1000_0000, "refused")] // CLONE_NEWUSER
    [InlineData(0x2000_0000, "refused")] // CLONE_NEWPID
    [InlineData(0x4000_0000, "refused")] // CLONE_NEWNET
    public void Without_SYS_ADMIN_clone_makes_no_namespaces(ulong flags, string verdict)
    {
        Assert.Equal(verdict, Filter.Verdict(Resolve(All - CapabilitySet.Of(Capability.SysAdmin)), "clone", flags));
        Assert.Equal("allowed", Filter.Verdict(Resolve(All), "clone", flags));
    }

    [Fact]
    public void Without_SYS_ADMIN_clone3_does_not_exist_so_that_C_libraries_fall_back()
    {
        Assert.Equal("errno 38", Filter.Verdict(Resolve(Default), "clone3"));
        Assert.Equal("allowed", Filter.Verdict(Resolve(All), "clone3"));
    }

    [Fact]
    public void Each_architecture_has_its_own_calls_and_sub_architectures()
    {
        LinuxSeccomp x64 = Resolve(Default, CpuArchitecture.X64);
        LinuxSeccomp arm64 = Resolve(Default, CpuArchitecture.Arm64);

        Assert.Equal(["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"], x64.Architectures);
        Assert.Equal(["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"], arm64.Architectures);
        Assert.Equal(["arch_prctl", "modify_ldt"], Filter.Names(x64).Except(Filter.Names(arm64)).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["arm_fadvise64_64", "arm_sync_file_range", "breakpoint", "cacheflush", "set_tls", "sync_file_range2"],
            Filter.Names(arm64).Except(Filter.Names(x64)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void All_calls_that_are_allowed_as_a_whole_stand_in_one_rule_with_the_common_ones_first() => Filters.Sample(filter =>
    {
        SeccompRule rule = Assert.Single(filter.Syscalls, rule => rule.Action == "SCMP_ACT_ALLOW" && rule.Args is null);

        Assert.Same(filter.Syscalls[0], rule);
        Assert.Equal(["read", "write", "close"], rule.Names.Take(3));
    });

    [Fact]
    public void No_call_is_named_twice_and_none_has_a_condition_beside_being_allowed_as_a_whole() => Filters.Sample(filter =>
    {
        IReadOnlyList<string> whole = filter.Syscalls[0].Names;

        Assert.Equal(whole.Count, whole.Distinct().Count());
        Assert.DoesNotContain(filter.Syscalls.Skip(1).SelectMany(rule => rule.Names), whole.Contains);
    });

    [Fact]
    public void More_capabilities_never_close_a_call() => Gen.Select(Gen.ULong, Gen.ULong).Sample((some, more) =>
    {
        LinuxSeccomp smaller = Resolve(new CapabilitySet(some & more));
        LinuxSeccomp larger = Resolve(new CapabilitySet(some));

        Assert.Empty(Allowed(smaller).Except(Allowed(larger)));
    });

    private static readonly Gen<LinuxSeccomp> Filters =
        Gen.Select(Gen.ULong, Gen.Enum<CpuArchitecture>(), Gen.OneOf(Gen.Const(new Version(4, 4)), Gen.Const(Modern)))
            .Select((mask, architecture, kernel) => DefaultSeccompProfile.Instance.Resolve(new CapabilitySet(mask), architecture, kernel));

    private static IEnumerable<string> Allowed(LinuxSeccomp filter) => filter.Syscalls[0].Names;

    private static LinuxSeccomp Resolve(CapabilitySet bounding, CpuArchitecture architecture = CpuArchitecture.X64) =>
        DefaultSeccompProfile.Instance.Resolve(bounding, architecture, Modern);
}
