using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;
using static Podspawn.Oci.Tests.TestFacts;

namespace Podspawn.Oci.Tests.Translation;

public sealed class TmpfsSpecs
{
    [Theory]
    [InlineData("", "noexec,nosuid,nodev,rprivate")]
    [InlineData("rw,noexec,nosuid,size=512m", "nodev,rprivate,rw,noexec,nosuid,size=512m")]
    [InlineData("exec", "nosuid,nodev,rprivate,exec")]
    [InlineData("exec,noexec", "nosuid,nodev,rprivate,noexec")]
    [InlineData("noexec,exec", "nosuid,nodev,rprivate,exec")]
    [InlineData("suid,dev,exec", "rprivate,suid,dev,exec")]
    [InlineData("size=1m,mode=1777,size=2m", "noexec,nosuid,nodev,rprivate,mode=1777,size=2m")]
    [InlineData("ro,rw", "noexec,nosuid,nodev,rprivate,rw")]
    [InlineData("rslave", "noexec,nosuid,nodev,rslave")]
    [InlineData("noatime,nodiratime,strictatime,sync", "noexec,nosuid,nodev,rprivate,noatime,nodiratime,strictatime,sync")]
    [InlineData("uid=1000,gid=4294967294", "noexec,nosuid,nodev,rprivate,uid=1000,gid=4294967294")]
    public void For_each_flag_or_key_the_last_one_wins(string written, string options) =>
        Assert.Equal(options, Options(written));

    [Theory]
    [InlineData("size=0")]
    [InlineData("size=1")]
    [InlineData("size=64k")]
    [InlineData("size=64M")]
    [InlineData("size=1g")]
    [InlineData("size=9223372036854775807")]
    [InlineData("size=8589934591g")]
    [InlineData("size=50%")]
    [InlineData("size=100%")]
    [InlineData("mode=0")]
    [InlineData("mode=1777")]
    [InlineData("mode=07777")]
    [InlineData("uid=0")]
    [InlineData("nr_inodes=10k")]
    [InlineData("nr_blocks=0")]
    [InlineData("mpol=local")]
    [InlineData("mpol=default")]
    [InlineData("mpol=interleave")]
    [InlineData("mpol=interleave:0-3")]
    [InlineData("mpol=bind:0")]
    [InlineData("mpol=bind=static:0-1")]
    [InlineData("mpol=prefer=relative:1")]
    public void Values_that_the_kernel_takes_are_passed_on(string option) =>
        Assert.EndsWith($",{option}", Options(option), StringComparison.Ordinal);

    [Theory]
    [InlineData("size=")]
    [InlineData("size=-1")]
    [InlineData("size=+1")]
    [InlineData("size=1e99")]
    [InlineData("size=1.5g")]
    [InlineData("size=1t")]
    [InlineData("size=1mb")]
    [InlineData("size=k")]
    [InlineData("size=%")]
    [InlineData("size=101%")]
    [InlineData("size=1k%")]
    [InlineData("size=0x10")]
    [InlineData("size=010")] // the kernel would read 8
    [InlineData("size= 1m")]
    [InlineData("size=9223372036854775808")]
    [InlineData("size=8589934592g")] // 2^63
    [InlineData("size=17179869184g")] // 2^64: the kernel would read 0, unlimited
    [InlineData("size=١m")]
    [InlineData("mode=abc")]
    [InlineData("mode=888")]
    [InlineData("mode=10000")]
    [InlineData("mode=-1")]
    [InlineData("mode=")]
    [InlineData("uid=root")]
    [InlineData("uid=-1")]
    [InlineData("uid=4294967295")]
    [InlineData("gid=010")]
    [InlineData("gid=99999999999")]
    [InlineData("nr_inodes=10%")]
    [InlineData("nr_blocks=x")]
    [InlineData("mpol=bind")]
    [InlineData("mpol=bind:")]
    [InlineData("mpol=bind:a")]
    [InlineData("mpol=local:0")]
    [InlineData("mpol=bind=odd:0")]
    [InlineData("mpol=worst")]
    public void Malformed_or_out_of_range_values_are_refused(string option)
    {
        Problem problem = Refused(option);
        Assert.Contains("is no valid", problem.What, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Hint);
    }

    [Theory]
    [InlineData("noexecs", "noexec")]
    [InlineData("siz=1m", "size")]
    [InlineData(" noexec", "noexec")]
    [InlineData("NOEXEC", "noexec")]
    public void An_unknown_option_is_refused_with_a_did_you_mean(string option, string meant)
    {
        Problem problem = Refused(option);
        Assert.Contains("unknown mount option", problem.What, StringComparison.Ordinal);
        Assert.Equal($"did you mean {meant}?", problem.Hint);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("remount")]
    [InlineData("bind")]
    [InlineData("rbind")]
    [InlineData("noexec,")]
    [InlineData("noexec,,ro")]
    [InlineData("size")]
    [InlineData("noexec=1")]
    [InlineData("=1m")]
    [InlineData("noexec\nexec")]
    [InlineData("tmpcopyup")]
    [InlineData("idmap")]
    [InlineData("lowerdir=/")]
    public void What_makes_no_tmpfs_is_refused(string option)
    {
        Problem problem = Refused(option);
        Assert.DoesNotContain('\n', problem.What);
        Assert.NotEmpty(problem.Hint);
    }

    [Theory]
    [InlineData("size=0")]
    [InlineData("size=0%")]
    [InlineData("nr_blocks=0")]
    public void A_size_of_nothing_means_unlimited_and_is_warned_of(string option)
    {
        TranslationResult result = Translator.Translate(ConfigWithTmpfs("/t", option), Launch, UnifiedHost, Runc);
        Assert.Single(result.NotesOn("security.tmpfs./t", NoteSeverity.Warning));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("tmp")]
    [InlineData("../../x")]
    [InlineData("/a/../b")]
    [InlineData("/a/./b")]
    [InlineData("/..")]
    [InlineData("/a/")]
    [InlineData("/a//b")]
    [InlineData("/a\nb")]
    [InlineData("/a\0b")]
    [InlineData("/a\u0085b")]
    [InlineData("/proc")]
    [InlineData("/proc/self")]
    [InlineData("/sys")]
    [InlineData("/sys/fs/cgroup")]
    [InlineData("/dev")]
    public void A_path_where_no_tmpfs_may_be_is_refused(string path)
    {
        Problem problem = Assert.Single(Translator.Validate(ConfigWithTmpfs(path, ""), UnifiedHost));
        Assert.Equal($"security.tmpfs.{path}", problem.Key);
        Assert.NotEmpty(problem.Hint);
    }

    [Theory]
    [InlineData("/tmp")]
    [InlineData("/run/lock")]
    [InlineData("/procedure")]
    [InlineData("/system")]
    [InlineData("/dev/shm")]
    [InlineData("/a..b/...")]
    [InlineData("/with space,and:colon")]
    public void A_path_that_only_looks_like_one_of_those_is_taken(string path) =>
        Assert.Empty(Translator.Validate(ConfigWithTmpfs(path, ""), UnifiedHost));

    [Fact]
    public void An_overlong_path_is_refused()
    {
        Assert.Single(Translator.Validate(ConfigWithTmpfs("/" + new string('a', 256), ""), UnifiedHost));
        Assert.Single(Translator.Validate(ConfigWithTmpfs(string.Concat(Enumerable.Repeat("/abc", 1100)), ""), UnifiedHost));
    }

    [Fact]
    public void Every_bad_option_is_told_not_only_the_first() =>
        Assert.Equal(3, Translator.Validate(ConfigWithTmpfs("relative", "size=x,mode=9"), UnifiedHost).Count);

    [Fact]
    public void The_same_path_twice_is_refused()
    {
        SecurityConfig security = new() { Tmpfs = [KeyValuePair.Create("/t", ""), KeyValuePair.Create("/t", "size=1m")] };
        Assert.Equal("security.tmpfs./t", Assert.Single(Refusal(security)).Key);
    }

    [Theory]
    [InlineData("runc")]
    [InlineData("crun")]
    [InlineData("runsc")]
    public void Without_a_mode_the_covered_directorys_own_is_kept(string runtime)
    {
        LaunchRequest launch = Launch with { CoveredDirectoryModes = new Dictionary<string, uint> { ["/run"] = 0x1ED /* 0755 */ } };
        TranslationResult result = Translator.Translate(ConfigWithTmpfs("/run", "size=1m"), launch, UnifiedHost, Named(runtime));
        Assert.Equal("noexec,nosuid,nodev,rprivate,size=1m,mode=755", string.Join(',', result.Spec.Mounts[^1].Options!));
    }

    [Fact]
    public void A_mode_that_the_runtime_will_not_give_is_told()
    {
        LaunchRequest launch = Launch with { CoveredDirectoryModes = new Dictionary<string, uint> { ["/run"] = 0x1ED /* 0755 */ } };
        TranslationResult other = Translator.Translate(ConfigWithTmpfs("/run", "mode=0700"), launch, UnifiedHost, Runc);
        Assert.Contains("755, not 0700", Assert.Single(other.NotesOn("security.tmpfs./run", NoteSeverity.Differently)).Text, StringComparison.Ordinal);
        Assert.Equal(Enforcement.Differently, other.Field("security.tmpfs").Enforcement);

        TranslationResult same = Translator.Translate(ConfigWithTmpfs("/run", "mode=0755"), launch, UnifiedHost, Runc);
        Assert.Equal(Enforcement.Enforced, same.Field("security.tmpfs").Enforcement);
        TranslationResult unknown = Translator.Translate(ConfigWithTmpfs("/run", "mode=0755"), Launch, UnifiedHost, Runc);
        Assert.Equal(Enforcement.Differently, unknown.Field("security.tmpfs").Enforcement);
        TranslationResult crun = Translator.Translate(ConfigWithTmpfs("/run", "mode=0700"), launch, UnifiedHost, Crun);
        Assert.Equal(Enforcement.Enforced, crun.Field("security.tmpfs").Enforcement);
    }

    [Fact]
    public void A_percentage_becomes_bytes_for_the_sentry_which_does_not_know_it()
    {
        TranslationResult result = Translator.Translate(ConfigWithTmpfs("/t", "size=25%"), Launch, UnifiedHost, Runsc);
        Assert.Contains("size=2147483648", result.Spec.Mounts[^1].Options!);
        Assert.EndsWith("size=25%", Options("size=25%"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0~20221219.0")]
    [InlineData("release-20260817.0")]
    public void Without_a_size_the_sentry_is_told_the_kernels_usual_one(string version)
    {
        TranslationResult result = Translator.Translate(ConfigWithTmpfs("/t", "mode=700"), Launch, UnifiedHost, TraitsOf("runsc", version));
        Assert.Equal(["noexec", "nosuid", "nodev", "rprivate", "mode=700", "size=4294967296"], result.Spec.Mounts[^1].Options);
        Assert.All(
            Translate(new SecurityConfig { ReadonlyRootfs = true }, runtime: Runsc).Spec.Mounts.Where(mount => mount.Type == "tmpfs"),
            mount => Assert.Contains(mount.Options!, option => option.StartsWith("size=", StringComparison.Ordinal)));
        Assert.DoesNotContain("size=", Options("mode=700"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mode_is_said_where_the_runtime_would_take_that_of_a_directory_of_its_own_making()
    {
        Assert.Equal("mode=1777", Translator.Translate(ConfigWithTmpfs("/new", ""), Launch, UnifiedHost, TraitsOf("runc", "1.3.3")).Spec.Mounts[^1].Options![^1]);
        Assert.DoesNotContain("mode=1777", Translator.Translate(ConfigWithTmpfs("/new", ""), Launch, UnifiedHost, TraitsOf("runc", "1.3.4")).Spec.Mounts[^1].Options!);
    }

    [Fact]
    public void A_mode_of_the_users_own_holds_from_runc_1_1_8_on()
    {
        LaunchRequest launch = Launch with { CoveredDirectoryModes = new Dictionary<string, uint> { ["/tmp"] = 0x3FF } };
        Assert.Single(Translator.Translate(ConfigWithTmpfs("/tmp", "mode=700"), launch, UnifiedHost, TraitsOf("runc", "1.1.7"))
            .NotesOn("security.tmpfs./tmp", NoteSeverity.Differently));
        Assert.Empty(Translator.Translate(ConfigWithTmpfs("/tmp", "mode=700"), launch, UnifiedHost, TraitsOf("runc", "1.1.8")).Notes);
    }

    [Theory]
    [InlineData("nr_inodes=100")]
    [InlineData("nr_blocks=100")]
    public void A_limit_that_the_sentry_ignores_is_a_problem_unless_let_go(string option)
    {
        PodspawnConfig config = ConfigWithTmpfs("/t", option);
        Problem problem = Assert.Single(
            Assert.Throws<TranslationException>(() => Translator.Translate(config, Launch, UnifiedHost, Runsc)).Problems);
        Assert.Equal("security.tmpfs./t", problem.Key);
        Assert.EndsWith("--allow-unenforced tmpfs", problem.Hint, StringComparison.Ordinal);

        LaunchRequest launch = Launch with { AllowUnenforced = new HashSet<string> { "tmpfs" } };
        TranslationResult result = Translator.Translate(config, launch, UnifiedHost, Runsc);
        Assert.Equal(Enforcement.Unenforced, result.Field("security.tmpfs").Enforcement);
        Assert.Single(result.NotesOn("security.tmpfs./t", NoteSeverity.Warning));
    }

    [Theory]
    [InlineData("sync")]
    [InlineData("noatime")]
    [InlineData("mpol=local")]
    public void An_option_that_the_sentry_passes_over_is_told(string option)
    {
        TranslationResult result = Translator.Translate(ConfigWithTmpfs("/t", option), Launch, UnifiedHost, Runsc);
        Assert.Contains(option, Assert.Single(result.NotesOn("security.tmpfs./t", NoteSeverity.Differently)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sentrys_way_with_nosuid_and_nodev_is_told_once()
    {
        SecurityConfig security = new() { Tmpfs = [KeyValuePair.Create("/a", ""), KeyValuePair.Create("/b", "")] };
        Note[] old = [.. Translate(security, runtime: Runsc).NotesOn("security.tmpfs", NoteSeverity.Differently)];
        Assert.Equal(2, old.Length);
        Assert.Contains("nosuid", old[0].Text, StringComparison.Ordinal);
        Assert.Contains("mapped to be executed", old[1].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("nosuid", Assert.Single(Translate(security, runtime: NewRunsc).NotesOn("security.tmpfs", NoteSeverity.Differently)).Text, StringComparison.Ordinal);
        Assert.Empty(Translate(security).Notes);
    }

    [Fact]
    public void A_flag_that_means_nothing_is_left_out_with_a_word()
    {
        TranslationResult result = Translator.Translate(ConfigWithTmpfs("/t", "iversion"), Launch, UnifiedHost, Crun);
        Assert.DoesNotContain("iversion", result.Spec.Mounts[^1].Options!);
        Assert.Single(result.NotesOn("security.tmpfs./t", NoteSeverity.Info));
    }

    private static string Options(string written)
    {
        Mount mount = Translator.Translate(ConfigWithTmpfs("/t", written), Launch, UnifiedHost, Crun).Spec.Mounts[^1];
        Assert.Equal(("/t", "tmpfs", "tmpfs"), (mount.Destination, mount.Type, mount.Source));
        return string.Join(',', mount.Options!);
    }

    private static Problem Refused(string options)
    {
        Problem problem = Assert.Single(Translator.Validate(ConfigWithTmpfs("/t", options), UnifiedHost));
        Assert.Equal("security.tmpfs./t", problem.Key);
        return problem;
    }

    private static RuntimeTraits Named(string name) => name switch { "runc" => Runc, "crun" => Crun, _ => Runsc };
}
