using Podspawn.Oci.Configuration;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Verification;
using Podspawn.Oci.Verification.Attacks;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Findings;
using Podspawn.Oci.Verification.Observation;
using Podspawn.Oci.Verification.Probing;
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.Tests.Verification;

/// <summary>The meaning of an attack's outcome for what was asked for.</summary>
public sealed class AttackSpecs
{
    private static readonly SecurityConfig Hardened = new() { ReadonlyRootfs = true, PidsLimit = 32, Tmpfs = [KeyValuePair.Create("/run", "size=1m")] };
    private static readonly SecurityConfig Open = Hardened with { CapDrop = [], CapAdd = ["ALL"], Seccomp = "unconfined", NoNewPrivileges = false };

    private static Expectation WishFor(string runtime, SecurityConfig security)
    {
        RuntimeDriver driver = RuntimeDriver.For($"/usr/bin/{runtime}", new RuntimeVersion(runtime, "1"));
        PodspawnConfig config = TestFacts.Config(security);
        TranslationResult translation = Translator.Translate(config, TestFacts.Launch, TestFacts.UnifiedHost, driver.Traits);
        return PlannedExpectation.Of(new LaunchPlan(driver, TestFacts.UnifiedHost, TestFacts.Launch, config, []), translation);
    }

    // All other evidence of the finding is missing here, and falls short: only the attack's result is checked.
    private static (AttackReport Report, Finding Finding) Judge(Expectation expectation, string name, params string[] said)
    {
        AttackGround ground = new(expectation, new HostBaitNames("n", "n", "1", "n", 2));
        AskedAttack asked = AttackTable.Asked(ground, FindingSelection.Parse([name]))[0];
        var inside = new ProbeReport();
        foreach (string line in said)
            inside.Add(line.StartsWith("exec", StringComparison.Ordinal) ? line : $"attack\t{asked.Attack.Finding}\t{asked.Attack.Name}\t{asked.Argument.Text}\t{line}");
        var evidence = new Evidence { Inside = inside, HostNamespaces = new Dictionary<string, string>(), HostKernel = ("6.1", "#1") };
        Finding finding = Assert.Single(AllChecks.Run(expectation, evidence, new HashSet<string> { asked.Attack.Finding }, [asked]));
        return (Assert.Single(finding.Attacks), finding);
    }

    public static TheoryData<string, string, AttackResult> Outcomes => new()
    {
        { "pids_limit/threads", "reached\t32\tEAGAIN", AttackResult.Refused },
        { "pids_limit/threads", "reached\t33\tEAGAIN", AttackResult.Works },
        { "pids_limit/user_namespace", "refused\tEPERM\t", AttackResult.Refused },
        { "pids_limit/user_namespace", "reached\t40\tok", AttackResult.Works },
        { "pids_limit/user_ids", "reached\t160\tEAGAIN", AttackResult.Works },
        { "pids_limit/cgroup", "works\tpids.max /sys/fs/cgroup\t", AttackResult.Works },
        { "capabilities/user_namespace", "works\t000001ffffffffff\t", AttackResult.Works },
        { "capabilities/ambient", "works\t00000000000000c1\t", AttackResult.Refused },
        { "capabilities/ambient", "works\t0000000000200000\t", AttackResult.Works },
        { "capabilities/file_capabilities", "works\t0000000000200000\t", AttackResult.Works },
        { "capabilities/ptrace", "untried\tno process with more\t", AttackResult.Untried },
        { "no_new_privileges/setuid", "works\tuser id 65533\t", AttackResult.Works },
        { "readonly_rootfs/remount", "works\tok\t", AttackResult.Works },
        { "readonly_rootfs/self_root", "refused\tEROFS\t", AttackResult.Refused },
        { "tmpfs/memfd", "works\tok\t", AttackResult.Told },
        { "tmpfs/map", "works\tok\t", AttackResult.Works },
        { "tmpfs/many_files", "reached\t1048576\tENOSPC", AttackResult.Refused },
        { "tmpfs/many_files", "reached\t2097152\tok", AttackResult.Works },
        { "seccomp/int80", "refused\tsignal 31\t", AttackResult.Refused },
        { "seccomp/unshare", "works\tNEWUSER\t", AttackResult.Works },
        { "seccomp/socket_domain", "works\tAF_ALG with high bits\t", AttackResult.Works },
        { "masked_paths/self_root", "works\tok\t", AttackResult.Works },
        { "readonly_paths/unmount", "works\tmount\t", AttackResult.Works },
        { "devices/volume", "works\tc 10:229\t", AttackResult.Works },
        { "memory/pipes", "reached\t67108864\tsignal 9", AttackResult.Refused },
        { "memory/pipes", "reached\t100663296\tok", AttackResult.Works },
        { "cpus/realtime", "works\tSCHED_FIFO\t", AttackResult.Works },
        { "cpus/many", "reached\t2100\tok", AttackResult.Refused },
        { "cpus/many", "reached\t4200\tok", AttackResult.Works },
        { "namespaces/abstract_socket", "works\tok\t", AttackResult.Works },
        { "namespaces/keyring", "works\tuser\t", AttackResult.Works },
        { "streams/environment", "works\tPATH,HOME\t", AttackResult.Refused },
        { "streams/environment", "works\tPATH,LD_PRELOAD\t", AttackResult.Works },
        { "streams/keyring", "works\tkeyring;0;0;3f1b0000;_ses.c\t0", AttackResult.Refused },
        { "streams/keyring", "works\tkeyring;0;0;3f1b0000;_uid_ses.0\t1", AttackResult.Works },
        { "streams/tiocsti", "works\t/dev/console\town", AttackResult.Told },
        { "streams/tiocsti", "works\t2\tanother's", AttackResult.Works },
    };

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void An_outcome_under_a_hardened_config_is_judged(string name, string said, AttackResult result)
    {
        (AttackReport report, Finding finding) = Judge(WishFor("runc", Hardened) with { Memory = 64 << 20, Cpus = 2 }, name, said);
        Assert.Equal(result, report.Result);
        Assert.Equal(result == AttackResult.Works, finding.Shortfalls.Any(line => line.StartsWith(report.Detail, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("capabilities/user_namespace", "works\t000001ffffffffff\t")]
    [InlineData("readonly_rootfs/remount", "works\tok\t")]
    [InlineData("readonly_rootfs/overlay", "works\tmount, in a user namespace\t")]
    [InlineData("pids_limit/cgroup", "works\tpids.max /sys/fs/cgroup\t")]
    [InlineData("cpus/realtime", "works\tSCHED_FIFO\t")]
    [InlineData("namespaces/keyring", "works\tuser\t")]
    [InlineData("masked_paths/unmount", "works\tmount\t")]
    public void What_the_config_gives_leave_to_is_no_shortfall(string name, string said)
    {
        (AttackReport report, Finding finding) = Judge(WishFor("runc", Open) with { Cpus = 2 }, name, said);
        Assert.Equal(AttackResult.Granted, report.Result);
        Assert.DoesNotContain(finding.Shortfalls, line => line.StartsWith(report.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public void A_user_namespace_that_no_filter_refuses_is_leave_for_what_happens_in_it_only()
    {
        Expectation expectation = WishFor("runc", Hardened with { Seccomp = "unconfined" });
        Assert.Equal(AttackResult.Granted, Judge(expectation, "readonly_rootfs/overlay", "works\tin a user namespace\t").Report.Result);
        Assert.Equal(AttackResult.Works, Judge(expectation, "readonly_rootfs/overlay", "works\tmount, in a user namespace\t").Report.Result);
    }

    [Fact]
    public void Under_gVisor_several_user_ids_hold_differently_with_the_figure_that_was_reached()
    {
        (AttackReport report, Finding finding) = Judge(WishFor("runsc", Hardened), "pids_limit/user_ids", "reached\t160\tEAGAIN");
        Assert.Equal(AttackResult.Differs, report.Result);
        Assert.Contains("160 tasks", report.Detail, StringComparison.Ordinal);
        string bound = Assert.Single(finding.Notes, note => note.StartsWith("the config lets a process become any user id", StringComparison.Ordinal));
        Assert.Contains("32 tasks for each id; 160 tasks of 5 ids at one time were reached; the host's cgroup ends all at", bound, StringComparison.Ordinal);
    }

    [Fact]
    public void Under_gVisor_one_user_id_is_the_bound_of_all_where_no_other_can_be_had()
    {
        (AttackReport report, Finding finding) = Judge(WishFor("runsc", Hardened with { CapDrop = ["ALL"], CapAdd = ["CHOWN"] }), "pids_limit/user_ids", "refused\tEPERM\t");
        Assert.Equal(AttackResult.Refused, report.Result);
        Assert.DoesNotContain(finding.Notes, note => note.StartsWith("the config lets", StringComparison.Ordinal));
        Assert.Contains("the config lets a process become 1 user id, its own: 32 tasks are the bound of all", finding.Evidence);
    }

    [Fact]
    public void Under_gVisor_no_number_of_user_ids_explains_more_than_they_may_have() =>
        Assert.Equal(AttackResult.Works, Judge(WishFor("runsc", Hardened), "pids_limit/user_ids", "reached\t200\tok").Report.Result);

    [Theory]
    [InlineData("exec\troot\tpids\t31\tEAGAIN", AttackResult.Refused)]
    [InlineData("exec\troot\tpids\t32\tEAGAIN", AttackResult.Works)]
    public void What_exec_brings_in_counts_beside_the_containers_first_process(string said, AttackResult result) =>
        Assert.Equal(result, Judge(WishFor("runc", Hardened), "pids_limit/exec", said).Report.Result);

    [Theory]
    [InlineData("2", "EPERM", true, AttackResult.Refused)]
    [InlineData("0", "ok", true, AttackResult.Works)]
    [InlineData("2", "ok", true, AttackResult.Works)]
    public void What_exec_brings_in_is_filtered(string mode, string outcome, bool filters, AttackResult result) =>
        Assert.Equal(result, Judge(WishFor("runc", Hardened) with { FiltersExecutedProcesses = filters }, "seccomp/exec", $"exec\troot\tstatus\tSeccomp\t{mode}",
            $"exec\troot\tsystem_call\tunshare\t{outcome}").Report.Result);

    [Fact]
    public void A_gVisor_that_does_not_filter_what_exec_brings_in_holds_differently()
    {
        Expectation expectation = WishFor("runsc", Hardened) with { Seccomp = WishFor("runc", Hardened).Seccomp, FiltersExecutedProcesses = false };
        string[] said = ["exec\troot\tstatus\tSeccomp\t0", "exec\troot\tsystem_call\tunshare\tok"];
        Assert.Equal(AttackResult.Differs, Judge(expectation, "seccomp/exec", said).Report.Result);
        Assert.Equal(AttackResult.Works, Judge(expectation with { FiltersExecutedProcesses = true }, "seccomp/exec", said).Report.Result);
    }

    [Theory]
    [InlineData("readonly_rootfs", "runc", false)]
    [InlineData("no_new_privileges", "runc", false)]
    [InlineData("seccomp", "runc", false)]
    [InlineData("readonly_rootfs", "runc", true)]
    [InlineData("no_new_privileges", "runc", true)]
    [InlineData("seccomp", "runc", true)]
    public void What_was_not_asked_for_is_not_attacked(string finding, string runtime, bool hardened)
    {
        Expectation expectation = WishFor(runtime, hardened ? Hardened : Open with { ReadonlyRootfs = false });
        Assert.Equal(hardened, AttackTable.Asked(new AttackGround(expectation, HostBaitNames.None), FindingSelection.Parse([finding])).Count > 0);
    }

    [Fact]
    public void What_the_host_could_not_lay_out_is_untried_and_no_word_for_the_probe()
    {
        Expectation expectation = WishFor("runc", Hardened);
        FindingSelection selection = FindingSelection.Parse(["namespaces/sysv"]);
        IReadOnlyList<AskedAttack> asked = AttackTable.Asked(new AttackGround(expectation, HostBaitNames.None), selection);
        Assert.DoesNotContain("sysv", ProbeArguments.For(expectation, selection.Findings, asked));
        var evidence = new Evidence { Inside = new ProbeReport(), HostNamespaces = new Dictionary<string, string>(), HostKernel = ("6.1", "#1") };
        Assert.Equal(AttackResult.Untried, Assert.Single(Assert.Single(AllChecks.Run(expectation, evidence, selection.Findings, asked)).Attacks).Result);
    }

    [Theory]
    [InlineData("end")]
    [InlineData("attack\tpids_limit\tthreads\t40\tuntried\tno such attack\t")]
    [InlineData("attack\tpids_limit\tthreads\t40\tuntried\tno end in time\t")]
    public void An_attack_of_which_nothing_is_known_falls_short(string line)
    {
        Expectation expectation = WishFor("runc", Hardened);
        FindingSelection selection = FindingSelection.Parse(["pids_limit/threads"]);
        var inside = new ProbeReport();
        inside.Add(line);
        var evidence = new Evidence { Inside = inside, HostNamespaces = new Dictionary<string, string>(), HostKernel = ("6.1", "#1"), End = "x" };
        Finding finding = Assert.Single(AllChecks.Run(expectation, evidence, selection.Findings, AttackTable.Asked(new AttackGround(expectation, HostBaitNames.None), selection)));
        Assert.Contains("what came of the attacks threads was not to be seen: x", finding.Shortfalls);
    }

    [Fact]
    public void Counts_come_before_what_changes_users_and_memory_comes_last()
    {
        Expectation expectation = WishFor("runc", Hardened) with { Memory = 64 << 20, Controllers = new HashSet<string> { "memory" } };
        FindingSelection all = FindingSelection.Parse([]);
        string[] words = [.. ProbeArguments.For(expectation, all.Findings, AttackTable.Asked(new AttackGround(expectation, HostBaitNames.None), all))];
        int pids = Array.IndexOf(words, "pids"), first = Array.IndexOf(words, "attack"), calls = Array.IndexOf(words, "system_calls"), memory = Array.LastIndexOf(words, "memory");
        Assert.True(pids < first && first < calls && calls < memory);
        Assert.Equal("pids_limit", words[first + 1]);
        Assert.Equal("memory", words[^2]);
    }
}
