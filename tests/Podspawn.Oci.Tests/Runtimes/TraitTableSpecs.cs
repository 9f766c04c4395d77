using Podspawn.Oci.Host;
using Podspawn.Oci.Runtimes;
using static Podspawn.Oci.Tests.TestFacts;

namespace Podspawn.Oci.Tests.Runtimes;

/// <summary>The behaviour of each release: every row of the tables, before and after it begins and ends.</summary>
public sealed class TraitTableSpecs
{
    private static readonly Dictionary<string, Func<RuntimeTraits, object?>> Traits = new()
    {
        ["recursive read-only"] = traits => traits.RecursiveReadonlyMounts,
        ["mode of the directory"] = traits => traits.TmpfsTakesModeOfDirectory,
        ["mode of a new directory"] = traits => traits.TmpfsTakesModeOfNewDirectory,
        ["open files of exec"] = traits => traits.ExecRacesOpenFiles,
        ["hybrid"] = traits => traits.AcceptsHybridCgroups,
        ["subgroup"] = traits => traits.SystemdSubgroup,
        ["unlimited pids"] = traits => traits.TakesUnlimitedPids,
        ["unlimited cpus"] = traits => traits.TakesUnlimitedCpus,
        ["reopens"] = traits => traits.ReadonlyPathsReopenMounts,
        ["leaves the process"] = traits => traits.LeavesContainerProcess,
        ["low ports"] = traits => traits.LowPortsNeedCapability,
        ["capabilities"] = traits => traits.KnownCapabilities.Count,
        ["others keep"] = traits => traits.OtherUsersKeepCapabilities,
        ["mknod"] = traits => traits.DeviceNodesNeedCapability,
        ["ambient"] = traits => traits.HasAmbientCapabilities,
        ["raw sockets"] = traits => traits.RawSocketsNeedRootCapability,
        ["user namespaces"] = traits => traits.UserNamespacesNeedPrivilege,
        ["filters exec"] = traits => traits.FiltersExecutedProcesses,
        ["no_new_privileges"] = traits => traits.HonoursNoNewPrivileges,
        ["nosuid"] = traits => traits.HonoursNosuid,
        ["mappings of noexec"] = traits => traits.NoexecCoversMappings,
        ["file capabilities"] = traits => traits.FileCapabilitiesPassNoNewPrivileges,
        ["suid flag"] = traits => traits.SetUserIdBitsNeedFlag,
        ["overlays"] = traits => traits.OverlaysRoot,
        ["tasks"] = traits => (traits.HostTasksPerTask, traits.HostTasksPerTaskAndProcessor),
        ["systemd"] = traits => traits.SystemdCgroups,
        ["systemd on version 1"] = traits => traits.SystemdCgroupsOnVersion1,
        ["update"] = traits => traits.CanUpdate,
        ["update of pids"] = traits => traits.CanUpdatePids,
        ["real-time signals"] = traits => traits.SendsRealTimeSignals,
        ["mounts below a bind"] = traits => traits.BindsWhatIsMountedBelow,
        ["weight of bfq"] = traits => traits.FindsBfqWeightOfVersion1,
    };

    public static TheoryData<string, string, string, object?, object?> Changes => new()
    {
        { "runc", "recursive read-only", "1.0.3 1.1.0", false, true },
        { "runc", "mode of the directory", "1.1.7 1.1.8", true, false },
        { "runc", "open files of exec", "1.1.12 1.1.13", true, false },
        { "runc", "open files of exec", "1.1.13 1.2.0-rc.1", false, true },
        { "runc", "open files of exec", "1.2.0-rc.1 1.2.0-rc.2", true, false },
        { "runc", "mode of a new directory", "1.2.7 1.2.8", false, true },
        { "runc", "mode of a new directory", "1.2.8 1.2.9", true, false },
        { "runc", "mode of a new directory", "1.3.2 1.3.3", false, true },
        { "runc", "mode of a new directory", "1.3.3 1.3.4", true, false },
        { "runc", "mode of a new directory", "1.4.0-rc.2 1.4.0-rc.3", false, true },
        { "runc", "mode of a new directory", "1.4.0-rc.3 1.4.0", true, false },
        { "crun", "recursive read-only", "1.3 1.4", false, true },
        { "crun", "unlimited cpus", "1.8.3 1.8.4", false, true },
        { "crun", "unlimited pids", "1.12 1.13", false, true },
        { "runsc", "overlays", "20221128.0 20221205.0", false, true },
        { "runsc", "capabilities", "20230214.0 20230227.0", 38, 41 },
        { "runsc", "tasks", "20230605.0 20230621.0", (256, 0), (4, 1) },
        { "runsc", "file capabilities", "20240311.0 20240325.0", false, true },
        { "runsc", "others keep", "20240311.0 20240325.0", true, false },
        { "runsc", "mappings of noexec", "20250113.0 20250203.0", false, true },
        { "runsc", "file capabilities", "20250811.0 20250820.0", true, false },
        { "runsc", "no_new_privileges", "20250811.0 20250820.0", false, true },
        { "runsc", "nosuid", "20250811.0 20250820.0", false, true },
        { "runsc", "suid flag", "20250811.0 20250820.0", false, true },
        { "runsc", "systemd", "20251020.0 20251103.0", false, true },
        { "runsc", "raw sockets", "20251208.0 20251215.0", false, true },
        { "runsc", "user namespaces", "20260105.0 20260112.0", false, true },
        { "runsc", "update", "20260126.0 20260202.0", false, true },
        { "runsc", "filters exec", "20260323.0 20260330.0", false, true },
        { "runsc", "mknod", "20260420.0 20260427.0", false, true },
        { "runsc", "ambient", "20260608.0 20260615.0", false, true },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_release_changes_a_trait(string runtime, string trait, string releases, object? before, object? after)
    {
        string[] versions = releases.Split(' ');
        Assert.Equal(before, Traits[trait](TraitsOf(runtime, versions[0])));
        Assert.Equal(after, Traits[trait](TraitsOf(runtime, versions[1])));
    }

    [Theory]
    [InlineData("crun", "hybrid", false)]
    [InlineData("crun", "subgroup", "container")]
    [InlineData("crun", "reopens", true)]
    [InlineData("runsc", "leaves the process", false)]
    [InlineData("runsc", "low ports", false)]
    [InlineData("runsc", "systemd on version 1", false)]
    [InlineData("runsc", "update of pids", false)]
    [InlineData("runsc", "real-time signals", false)]
    [InlineData("runc", "real-time signals", true)]
    [InlineData("runc", "user namespaces", false)]
    [InlineData("crun", "filters exec", true)]
    public void What_every_release_does_the_oldest_and_the_newest_do(string runtime, string trait, object? value)
    {
        Assert.Equal(value, Traits[trait](TraitsOf(runtime, runtime == "runsc" ? "20190304.1" : "1.0.0")));
        Assert.Equal(value, Traits[trait](TraitsOf(runtime, "unknown")));
    }

    [Theory]
    [InlineData("runc", "1.5.1", "1.5.1", ReleaseFamiliarity.Known)]
    [InlineData("runc", "7.0.0", "1.5.1", ReleaseFamiliarity.Newer)]
    [InlineData("runc", "(devel)", "1.5.1", ReleaseFamiliarity.Unreadable)]
    [InlineData("crun", "1.29.1-dirty", "1.29.1", ReleaseFamiliarity.Known)]
    [InlineData("crun", "1.30", "1.29.1", ReleaseFamiliarity.Newer)]
    [InlineData("runsc", "release-20260817.0-70-go-d53e01b47", "release-20260817.0-70", ReleaseFamiliarity.Known)]
    [InlineData("runsc", "release-20991231.0", "release-20260817.0-70", ReleaseFamiliarity.Newer)]
    [InlineData("runsc", "VERSION_MISSING", "release-20260817.0-70", ReleaseFamiliarity.Unreadable)]
    public void What_is_newer_than_all_that_we_know_has_the_newest_traits(string runtime, string version, string newest, ReleaseFamiliarity familiarity)
    {
        RuntimeTraits found = TraitsOf(runtime, version), known = TraitsOf(runtime, newest);
        Assert.Equal((familiarity, newest), (found.Familiarity, found.NewestKnown));
        Assert.Equal(known with { Version = version, Release = found.Release, Familiarity = familiarity }, found);
    }

    [Theory]
    [InlineData("runc", "1.0.3", false)]
    [InlineData("runc", "1.1.0", true)]
    [InlineData("crun", "1.8.5", false)]
    [InlineData("crun", "1.8.6", true)]
    [InlineData("runsc", "20260504.0", false)]
    [InlineData("runsc", "release-20260511.0", true)]
    [InlineData("runsc", "VERSION_MISSING", true)]
    public void The_verb_features_is_there_from_a_release_on(string runtime, string version, bool there) =>
        Assert.Equal(there, RuntimeDriver.TableOf(runtime)!.HasFeatures(RuntimeRelease.Parse(version)));

    [Fact]
    public void Every_trait_that_a_row_sets_is_held_by_a_test()
    {
        // A row that no test covers would change nothing that is checked here.
        foreach (string runtime in new[] { "runc", "crun", "runsc" })
        {
            foreach (TraitRow row in RuntimeDriver.TableOf(runtime)!.Rows)
            {
                var plain = new RuntimeTraits { Name = runtime, Version = "", Kernel = SystemCallHandler.Host };
                RuntimeTraits with = row.What(plain);
                Assert.True(with != plain, $"a row of {runtime} does nothing");
                Assert.Contains(Traits.Values, trait => !Equals(trait(with), trait(plain)));
            }
        }
    }
}
