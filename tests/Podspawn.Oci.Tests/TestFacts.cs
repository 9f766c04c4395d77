using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Seccomp;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Tests;

/// <summary>Hosts, runtimes and launches as values, for tests of pure code.</summary>
internal static class TestFacts
{
    /// <summary>A current host: cgroup version 2, every controller, every capability, 8 GiB.</summary>
    public static HostFacts UnifiedHost { get; } = new()
    {
        Architecture = CpuArchitecture.X64,
        Kernel = new Version(6, 1),
        AvailableCapabilities = CapabilitySet.UpTo(40),
        KernelCapabilities = CapabilitySet.UpTo(40),
        CgroupLayout = CgroupLayout.Unified,
        CgroupControllers = new HashSet<string> { "cpu", "cpuset", "io", "memory", "pids" },
        SwapAccounting = true,
        MemoryBytes = 8L << 30,
        Processors = 4,
        OpenFilesHardLimit = 1048576,
        ProcessesHardLimit = ulong.MaxValue,
        TasksMax = 4194304,
    };

    /// <summary>The same with the version 1 controllers mounted beside.</summary>
    public static HostFacts HybridHost { get; } = UnifiedHost with
    {
        CgroupLayout = CgroupLayout.Hybrid,
        CgroupControllers = new HashSet<string> { "cpu", "cpuset", "devices", "memory", "pids" },
    };

    public static HostFacts WithoutControllers(this HostFacts host, params string[] controllers) =>
        host with { CgroupControllers = host.CgroupControllers.Except(controllers).ToHashSet() };

    public static RuntimeTraits Runc { get; } = TraitsOf("runc", "1.1.5");

    public static RuntimeTraits Crun { get; } = TraitsOf("crun", "1.8.1");

    public static RuntimeTraits Runsc { get; } = TraitsOf("runsc", "0.0~20221219.0");

    /// <summary>A current gVisor.</summary>
    public static RuntimeTraits NewRunsc { get; } = TraitsOf("runsc", "release-20260817.0");

    /// <summary>The traits of a release that was not asked for its features.</summary>
    public static RuntimeTraits TraitsOf(string name, string version) => RuntimeDriver.For($"/usr/bin/{name}", new RuntimeVersion(name, version)).Traits;

    public static LaunchRequest Launch { get; } = new()
    {
        ContainerId = "c1",
        Arguments = ["/bin/sh", "-c", "id"],
        Environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],
        HostName = "c1",
        RootPath = "/srv/root",
        CgroupsPath = "/podspawn-oci/c1",
    };

    /// <summary>A config with the built-in origins.</summary>
    public static PodspawnConfig Config(SecurityConfig? security = null, LaunchDefaults? defaults = null) =>
        PodspawnConfig.BuiltIn with { Security = security ?? new SecurityConfig(), Defaults = defaults ?? new LaunchDefaults() };

    /// <summary>A config with one tmpfs mount.</summary>
    public static PodspawnConfig ConfigWithTmpfs(string path, string options) =>
        Config(new SecurityConfig { Tmpfs = [KeyValuePair.Create(path, options)] });

    public static TranslationResult Translate(
        SecurityConfig? security = null, LaunchDefaults? defaults = null, LaunchRequest? launch = null, HostFacts? host = null, RuntimeTraits? runtime = null) =>
        Translator.Translate(Config(security, defaults), launch ?? Launch, host ?? UnifiedHost, runtime ?? Runc);

    /// <summary>The problems of a translation that must fail.</summary>
    public static IReadOnlyList<Problem> Refusal(
        SecurityConfig? security = null, LaunchDefaults? defaults = null, LaunchRequest? launch = null, HostFacts? host = null, RuntimeTraits? runtime = null) =>
        Assert.Throws<TranslationException>(() => Translate(security, defaults, launch, host, runtime)).Problems;

    public static FieldOutcome Field(this TranslationResult result, string key) => Assert.Single(result.Fields, field => field.Key == key);

    public static IEnumerable<Note> NotesOn(this TranslationResult result, string key, NoteSeverity severity) =>
        result.Notes.Where(note => note.Key == key && note.Severity == severity);
}
