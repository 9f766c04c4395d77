using System.Runtime.CompilerServices;
using System.Text;
using CsCheck;
using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Seccomp;
using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Tests.Seccomp;

public class DockerSeccompProfileSpecs
{
    private static readonly Version Modern = new(6, 1);

    [Fact]
    public void A_profile_of_dockers_is_resolved_for_few_capabilities()
    {
        LinuxSeccomp filter = Resolve("docker.json", CapabilitySet.Empty);

        Assert.Equal(("SCMP_ACT_ERRNO", 1u), (filter.DefaultAction, filter.DefaultErrnoRet!.Value));
        Assert.Equal(["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"], filter.Architectures);
        Assert.Null(filter.Flags);
        Assert.Equal(["read write", "ptrace", "socket", "arch_prctl", "clone", "clone3"], Calls(filter));
        Assert.Null(filter.Syscalls[0].Args);
        Assert.Equal(
            [new SeccompArgument(0, 40, null, "SCMP_CMP_NE"), new SeccompArgument(2, 9, null, "SCMP_CMP_NE")], filter.Syscalls[2].Args);
        Assert.Equal([new SeccompArgument(0, 0x7E020000, 0, "SCMP_CMP_MASKED_EQ")], filter.Syscalls[4].Args);
        Assert.Equal(("SCMP_ACT_ERRNO", 38u), (filter.Syscalls[5].Action, filter.Syscalls[5].ErrnoRet!.Value));
    }

    [Fact]
    public void Includes_need_every_capability_and_excludes_need_one()
    {
        Assert.Equal(
            ["read write", "ptrace", "socket", "arch_prctl", "mount clone"],
            Calls(Resolve("docker.json", CapabilitySet.Of(Capability.SysAdmin))));
        Assert.Equal(
            ["read write", "ptrace", "socket", "arch_prctl", "mount clone", "kcmp"],
            Calls(Resolve("docker.json", CapabilitySet.Of(Capability.SysAdmin, Capability.SysPtrace))));
        Assert.Equal(
            ["read write", "ptrace", "socket", "arch_prctl", "clone3"],
            Calls(Resolve("docker.json", CapabilitySet.Of(Capability.SysBoot))));
    }

    [Fact]
    public void The_architecture_and_the_kernel_choose_rules()
    {
        LinuxSeccomp filter = Parse("docker.json").Resolve(CapabilitySet.Empty, CpuArchitecture.Arm64, new Version(4, 7));

        Assert.Equal(["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"], filter.Architectures);
        Assert.Equal(["read write", "oldptrace", "socket", "cacheflush", "clone", "clone3"], Calls(filter));
    }

    [Fact]
    public void The_plain_format_of_the_runtime_spec_is_read_too()
    {
        DockerSeccompProfile profile = Parse("oci.json");
        LinuxSeccomp filter = profile.Resolve(CapabilitySet.Empty, CpuArchitecture.X64, Modern);

        Assert.Equal("SCMP_ACT_KILL_PROCESS", filter.DefaultAction);
        Assert.Null(filter.DefaultErrnoRet);
        Assert.Equal(["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"], filter.Architectures);
        Assert.Equal(["SECCOMP_FILTER_FLAG_LOG"], filter.Flags);
        Assert.Equal(["read", "personality", "reboot"], Calls(filter));
        Assert.Equal([new SeccompArgument(5, ulong.MaxValue, null, "SCMP_CMP_EQ")], filter.Syscalls[1].Args);
        Assert.Equal(13u, filter.Syscalls[2].ErrnoRet);
        Assert.Empty(profile.Warnings);
    }

    [Fact]
    public void A_profile_without_architectures_leaves_them_to_the_runtime() =>
        Assert.Null(Resolve("deny-list.json", CapabilitySet.Empty).Architectures);

    [Fact]
    public void A_list_of_what_is_denied_is_accepted_with_warnings() => Assert.Equal(
        [
            "the default action SCMP_ACT_ALLOW lets every call pass that no rule names, those of future kernels too",
            "no system call is known by the name of 'madeup': what the rules say of it has no effect",
        ],
        Parse("deny-list.json").Warnings);

    [Theory]
    [InlineData("SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO")]
    [InlineData("SCMP_ACT_ALLOW", "SCMP_ACT_KILL_PROCESS")]
    [InlineData("SCMP_ACT_ALLOW", "SCMP_ACT_TRAP")]
    [InlineData("SCMP_ACT_LOG", "SCMP_ACT_ERRNO")]
    public void A_misspelt_call_in_a_list_of_what_is_denied_is_refused_with_its_place(string byDefault, string action) => AssertRefused(
        $$"""{"defaultAction":"{{byDefault}}","syscalls":[{"names":["mount","muont"],"action":"{{action}}"}]}""",
        $"p.json:1:{byDefault.Length + 51}: no system call 'muont' is known, so that the rule would refuse nothing while the default lets every other call pass; did you mean " +
            $"mount?");

    [Theory]
    [InlineData("SCMP_ACT_ALLOW")]
    [InlineData("SCMP_ACT_KILL_PROCESS")]
    public void A_misspelt_call_where_the_default_refuses_gives_a_warning(string action) => Assert.Equal(
        ["no system call is known by the name of 'opnat2' (did you mean openat2?), 'frobnicate_everything': what the rules say of it has no effect"],
        Read($$"""{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read","opnat2","frobnicate_everything"],"action":"{{action}}"}]}""").Warnings);

    [Fact]
    public void A_thousand_unknown_calls_give_one_warning() => Assert.EndsWith(
        "and 992 more: what the rules say of it has no effect",
        Assert.Single(Read($$"""
            {"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["{{string.Join("\",\"", Enumerable.Range(0, 1000).Select(n => $"zz{n}"))}}"],"action":"SCMP_ACT_ALLOW"}]}
            """).Warnings),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")]
    [InlineData("/usr/include/x86_64-linux-gnu/asm/unistd_32.h")]
    [InlineData("/usr/include/x86_64-linux-gnu/asm/unistd_x32.h")]
    public void Every_call_of_the_kernels_headers_is_known(string header)
    {
        const string Define = "#define __NR_";
        IEnumerable<string> names = File.ReadLines(header).Where(line => line.StartsWith(Define, StringComparison.Ordinal))
            .Select(line => line[Define.Length..].Split(' ', '\t')[0]);

        Assert.Empty(Read($$"""{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["{{string.Join("\",\"", names)}}"],"action":"SCMP_ACT_ALLOW"}]}""").Warnings);
    }

    [Fact]
    public void A_flag_that_weakens_the_processor_is_accepted_with_a_warning() => Assert.Contains(
        "SPEC_ALLOW", Assert.Single(Read("""{"defaultAction":"SCMP_ACT_ERRNO","flags":["SECCOMP_FILTER_FLAG_SPEC_ALLOW"]}""").Warnings), StringComparison.Ordinal);

    [Fact]
    public void Podmans_name_of_an_errno_stands_for_its_number()
    {
        LinuxSeccomp filter = Read("""
            {"defaultAction":"SCMP_ACT_ERRNO","defaultErrno":"ENOSYS","syscalls":[{"names":["mount"],"action":"SCMP_ACT_ERRNO","errno":"EPERM"}]}
            """).Resolve(CapabilitySet.Empty, CpuArchitecture.X64, Modern);

        Assert.Equal(38u, filter.DefaultErrnoRet);
        Assert.Equal(1u, filter.Syscalls[0].ErrnoRet);
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over() =>
        Assert.Empty(DockerSeccompProfile.Parse([0xEF, 0xBB, 0xBF, .. """{"defaultAction":"SCMP_ACT_KILL"}"""u8], "p.json").Warnings);

    [Theory]
    [InlineData("", "p.json:1:1: not JSON")]
    [InlineData("[]", "p.json:1:1: a seccomp profile must be an object")]
    [InlineData("{", "p.json:1:2: not JSON")]
    [InlineData("{} {}", "p.json:1:4: more follows the profile")]
    [InlineData("{}", "p.json:1:1: the profile has no defaultAction")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALOW"}""", "p.json:1:18: unknown action 'SCMP_ACT_ALOW'; did you mean SCMP_ACT_ALLOW?")]
    [InlineData("""{"defaultAction":"scmp_act_allow"}""", "unknown action 'scmp_act_allow'")]
    [InlineData("""{"defaultAction":1}""", "an action must be a string")]
    [InlineData("""{"defaultAction":"SCMP_ACT_NOTIFY"}""", "SCMP_ACT_NOTIFY needs a program that answers")]
    [InlineData("""{"defaultAction":"SCMP_ACT_TRACE"}""", "SCMP_ACT_TRACE needs a program that answers")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","listenerPath":"/run/x"}""", "'listenerPath' needs a program that listens")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","sysclls":[]}""", "unknown key 'sysclls'; did you mean syscalls?")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","DefaultAction":"SCMP_ACT_ERRNO"}""", "unknown key 'DefaultAction'")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","defaultAction":"SCMP_ACT_ALLOW"}""", "the key 'defaultAction' stands twice")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","defaultErrnoRet":1}""", "SCMP_ACT_ALLOW has no errno")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":4096}""", "a whole number from 0 to 4095")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":-1}""", "a whole number from 0 to 4095")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":1,"defaultErrno":"ENOSYS"}""", "the errno is ENOSYS by name and 1 by number")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","defaultErrno":"ENONSENSE"}""", "unknown errno 'ENONSENSE'")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","flags":["SECCOMP_FILTER_FLAG_NEW_LISTENER"]}""", "unknown flag 'SECCOMP_FILTER_FLAG_NEW_LISTENER'")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X68_64"]}""", "did you mean SCMP_ARCH_X86_64?")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86"],"archMap":[{"architecture":"SCMP_ARCH_X86"}]}""", "both architectures and archMap")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","archMap":[{"subArchitectures":[]}]}""", "p.json:1:46: an element of archMap has no architecture")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","syscalls":{}}""", "a list of rules must be a list")]
    public void What_is_no_profile_is_refused_with_its_place(string json, string message) => AssertRefused(json, message);

    [Theory]
    [InlineData("""{"action":"SCMP_ACT_ALLOW"}""", "the rule names no system call")]
    [InlineData("""{"names":[],"action":"SCMP_ACT_ALLOW"}""", "the rule names no system call")]
    [InlineData("""{"names":["read"]}""", "the rule has no action")]
    [InlineData("""{"name":"read","names":["write"],"action":"SCMP_ACT_ALLOW"}""", "both name and names")]
    [InlineData("""{"names":["Read"],"action":"SCMP_ACT_ALLOW"}""", "'Read' cannot be the name of a system call")]
    [InlineData("""{"names":["read "],"action":"SCMP_ACT_ALLOW"}""", "'read ' cannot be the name")]
    [InlineData("""{"names":[3],"action":"SCMP_ACT_ALLOW"}""", "a system call's name must be a string")]
    [InlineData("""{"names":["read"],"action":"SCMP_ACT_NOTIFY"}""", "SCMP_ACT_NOTIFY needs a program that answers")]
    [InlineData("""{"names":["read"],"action":"SCMP_ACT_ALLOW","errnoRet":1}""", "SCMP_ACT_ALLOW has no errno")]
    [InlineData("""{"names":["read"],"action":"SCMP_ACT_ALLOW","exclude":{"caps":["CAP_CHOWN"]}}""", "unknown key 'exclude'; did you mean excludes?")]
    [InlineData("""{"names":["read"],"action":"SCMP_ACT_ALLOW","includes":{"cap":["CAP_CHOWN"]}}""", "unknown key 'cap'; did you mean caps?")]
    [InlineData("""{"names":["read"],"action":"SCMP_ACT_ALLOW","excludes":{"caps":["SYS_ADMIN"]}}""", "unknown capability 'SYS_ADMIN'; did you mean CAP_SYS_ADMIN?")]
    [InlineData("""{"names":["read"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["ALL"]}}""", "unknown capability 'ALL'; write it as CAP_SYS_ADMIN")]
    [InlineData("""{"names":["read"],"action":"SCMP_ACT_ALLOW","includes":{"arches":["SCMP_ARCH_X86_64"]}}""", "unknown architecture 'SCMP_ARCH_X86_64'")]
    [InlineData("""{"names":["read"],"action":"SCMP_ACT_ALLOW","includes":{"minKernel":"4"}}""", "'4' is no kernel version; write it as 4.8")]
    [InlineData("""{"names":["read"],"action":"SCMP_ACT_ALLOW","includes":{"minKernel":"4.8.1"}}""", "'4.8.1' is no kernel version")]
    [InlineData("""{"names":["read"],"action":"SCMP_ACT_ALLOW","args":[{"value":0,"op":"SCMP_CMP_EQ"}]}""", "a condition needs index, value and op")]
    [InlineData("""{"names":["read"],"action":"SCMP_ACT_ALLOW","args":[{"index":6,"value":0,"op":"SCMP_CMP_EQ"}]}""", "a whole number from 0 to 5")]
    [InlineData("""{"names":["read"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":1.5,"op":"SCMP_CMP_EQ"}]}""", "a whole number from 0 to")]
    [InlineData("""{"names":["read"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":"1","op":"SCMP_CMP_EQ"}]}""", "a value must be a number")]
    [InlineData("""{"names":["read"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":1,"op":"SCMP_CMP_EQUAL"}]}""", "unknown operator 'SCMP_CMP_EQUAL'")]
    [InlineData("""{"names":["read"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":1,"valueTwo":2,"op":"SCMP_CMP_MASKED_EQ"}]}""", "bits outside the mask")]
    [InlineData("""{"names":["read"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":1,"op":"SCMP_CMP_GE"},{"index":0,"value":9,"op":"SCMP_CMP_LE"}]}""",
        "a second condition on argument 0, which runtimes take as either-or")]
    public void What_is_no_rule_is_refused(string rule, string message) =>
        AssertRefused($$"""{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{{rule}}]}""", message);

    [Fact]
    public void The_place_of_an_error_counts_lines_and_columns_from_one() => AssertRefused(
        """
        {
          "defaultAction": "SCMP_ACT_ERRNO",
          "syscalls": [
            { "names": ["read"], "actoin": "SCMP_ACT_ALLOW" }
          ]
        }
        """,
        "p.json:4:26: unknown key 'actoin'; did you mean action?");

    [Fact]
    public void Deep_nesting_is_refused() =>
        AssertRefused($$"""{"defaultAction":{{new string('[', 100_000)}}""", "p.json:1:");

    [Fact]
    public void Damaged_profiles_are_read_or_refused_but_never_break_the_reader()
    {
        byte[] whole = File.ReadAllBytes(PathOf("docker.json"));
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, 40]).Sample((at, value, cut) =>
        {
            byte[] damaged = [.. whole[..at], value, .. whole[Math.Min(at + cut, whole.Length)..]];
            try
            {
                DockerSeccompProfile.Parse(damaged, "p.json").Resolve(CapabilitySet.Empty, CpuArchitecture.X64, Modern);
            }
            catch (SeccompProfileException refusal)
            {
                Assert.StartsWith("p.json:", refusal.Message, StringComparison.Ordinal);
            }
        });
    }

    private static void AssertRefused(string json, string message) =>
        Assert.Contains(message, Assert.Throws<SeccompProfileException>(() => Read(json)).Message, StringComparison.Ordinal);

    private static DockerSeccompProfile Read(string json) => DockerSeccompProfile.Parse(Encoding.UTF8.GetBytes(json), "p.json");

    private static DockerSeccompProfile Parse(string file) => DockerSeccompProfile.Parse(File.ReadAllBytes(PathOf(file)), file);

    private static LinuxSeccomp Resolve(string file, CapabilitySet bounding) => Parse(file).Resolve(bounding, CpuArchitecture.X64, Modern);

    private static IEnumerable<string> Calls(LinuxSeccomp filter) => filter.Syscalls.Select(rule => string.Join(' ', rule.Names));

    private static string PathOf(string file, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "Profiles", file);
}
