using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;
using static Podspawn.Oci.Tests.TestFacts;

namespace Podspawn.Oci.Tests.Translation;

/// <summary>Namespaces that a container shares with another, in the spec and in what is told.</summary>
public sealed class NamespaceTranslationSpecs
{
    private static readonly OtherContainer Web = new("0123", "web");

    private static readonly SharedNamespaces Ipc = new() { Ipc = IpcMode.Container, IpcOf = Web, Directory = "/j" };

    private static readonly SharedNamespaces Pid = new() { PidOf = Web, Directory = "/j" };

    [Fact]
    public void Anothers_queues_and_memory_are_joined_by_a_path_that_stays()
    {
        TranslationResult result = Made(Ipc);
        Assert.Equal(new LinuxNamespace("ipc", "/j/ipc"), Assert.Single(result.Spec.Linux.Namespaces, space => space.Path is not null));
        Mount memory = Assert.Single(result.Spec.Mounts, mount => mount.Destination == "/dev/shm");
        Assert.Equal(("bind", "/j/shm"), (memory.Type, memory.Source));
        Assert.Equal(["bind", "rprivate", "nosuid", "noexec", "nodev", "rw"], memory.Options);
        Assert.Equal("container:web", result.Field("ipc").Value);
        Assert.Contains("'web'", Assert.Single(result.NotesOn("ipc", NoteSeverity.Info)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Anothers_processes_are_joined_with_a_warning()
    {
        TranslationResult result = Made(Pid);
        Assert.Equal(new LinuxNamespace("pid", "/j/pid"), Assert.Single(result.Spec.Linux.Namespaces, space => space.Path is not null));
        Assert.Equal("container:web", result.Field("pid").Value);
        Assert.Contains("'web'", Assert.Single(result.NotesOn("pid", NoteSeverity.Warning)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_shareable_is_as_it_would_be_for_itself_and_none_has_no_shared_memory()
    {
        string before = SpecJson.SerializeIndented(Translate().Spec);
        Assert.Equal(before, SpecJson.SerializeIndented(Made(new SharedNamespaces { Ipc = IpcMode.Shareable }).Spec));
        RuntimeSpec none = Made(new SharedNamespaces { Ipc = IpcMode.None }).Spec;
        Assert.DoesNotContain(none.Mounts, mount => mount.Destination == "/dev/shm");
        Assert.Contains(new LinuxNamespace("ipc"), none.Linux.Namespaces);
    }

    [Fact]
    public void A_tmpfs_of_the_users_own_takes_the_place_of_the_shared_memory()
    {
        SecurityConfig security = new() { Tmpfs = [KeyValuePair.Create("/dev/shm", "size=1m")] };
        foreach (SharedNamespaces shared in new[] { Ipc, new SharedNamespaces { Ipc = IpcMode.None } })
            Assert.Equal("tmpfs", Assert.Single(Translate(security, launch: Launch with { Namespaces = shared }).Spec.Mounts, mount => mount.Destination == "/dev/shm").Type);
    }

    [Fact]
    public void What_would_change_or_open_the_other_is_refused()
    {
        Assert.Equal("--shm-size", Refused(Ipc, new ResourceRequest { ShmSize = 1 << 20 }));
        Assert.Equal("--shm-size", Refused(new SharedNamespaces { Ipc = IpcMode.None }, new ResourceRequest { ShmSize = 1 << 20 }));
        foreach (string key in new[] { "kernel.msgmax", "fs.mqueue.msg_max" })
            Assert.Equal("--sysctl", Refused(Ipc, new ResourceRequest { Sysctls = new Dictionary<string, string> { [key] = "1" } }));
        SecurityConfig traces = new() { CapAdd = ["SYS_PTRACE"] };
        Assert.Equal("--pid", Assert.Single(Refusal(traces, launch: Launch with { Namespaces = Pid })).Origin.ToString());
        Assert.NotNull(Translate(traces, launch: Launch with { Namespaces = Ipc }));
    }

    [Fact]
    public void GVisor_joins_none()
    {
        foreach (RuntimeTraits runtime in new[] { Runsc, NewRunsc })
        {
            foreach (SharedNamespaces shared in new[] { Ipc, Pid })
                Assert.Contains("gvisor", Assert.Single(Refusal(launch: Launch with { Namespaces = shared }, runtime: runtime)).What, StringComparison.Ordinal);
            foreach (IpcMode mode in new[] { IpcMode.Shareable, IpcMode.None })
                Assert.Single(Translate(launch: Launch with { Namespaces = new SharedNamespaces { Ipc = mode } }, runtime: runtime).NotesOn("ipc", NoteSeverity.Differently));
        }
    }

    private static TranslationResult Made(SharedNamespaces shared) => Translate(launch: Launch with { Namespaces = shared });

    private static string Refused(SharedNamespaces shared, ResourceRequest resources) =>
        Assert.Single(Refusal(launch: Launch with { Namespaces = shared, Resources = resources })).Origin.ToString();
}
