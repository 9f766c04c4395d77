using CliWrap;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>A command is killed after each step of what it does with volumes: what is left is a volume that is listed and can be removed, or nothing.</summary>
[Collection(nameof(Alone))]
public class VolumeFaultSpecs
{
    private static readonly Dictionary<string, string[]> Verbs = new()
    {
        ["create"] = ["volume", "create", "{v}"],
        ["rm"] = ["volume", "rm", "{v}"],
        ["use"] = ["create", "--name", "{c}", "--rootfs", Repository.Busybox, "-v", "{v}:/data", "-v", "/unnamed", "true"],
        ["forget"] = ["rm", "--volumes", "{c}"],
        ["foreground"] = ["run", "--runtime", "crun", "--rootfs", Repository.Busybox, "-v", "{v}:/data", "-v", "/unnamed", "true"],
    };

    public static TheoryData<string> Names => [.. Verbs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Whatever_step_a_command_is_killed_after_volumes_are_whole_or_gone(string verb)
    {
        string journal = Path.GetTempFileName();
        string[] passed;
        try
        {
            await Try(verb, ("PODSPAWN_OCI_FAULT_JOURNAL", journal));
            passed = [.. (await File.ReadAllLinesAsync(journal)).Where(place => place.StartsWith("volume.", StringComparison.Ordinal) || place is "create.kept" or "rm.volumes").Distinct()];
        }
        finally
        {
            File.Delete(journal);
        }
        Assert.NotEmpty(passed);
        foreach (string place in passed)
            await Try(verb, ("PODSPAWN_OCI_FAULT", place));
    }

    private static async Task Try(string verb, (string Name, string Value) fault)
    {
        string volume = $"v{Guid.NewGuid():N}"[..20], container = Detached.NewName();
        string[] before = await Listed();
        if (verb == "rm")
            (await PodspawnOci.Call(["volume", "create", volume])).Succeeded();
        if (verb == "forget")
            (await PodspawnOci.Call(Filled("use", volume, container))).Succeeded();
        Outcome result = await Outcome.Of(Cli.Wrap(Repository.FaultCommand).WithArguments(Filled(verb, volume, container))
            .WithEnvironmentVariables(new Dictionary<string, string?> { [fault.Name] = fault.Value }));
        Assert.True(result.Status == (fault.Name == "PODSPAWN_OCI_FAULT" ? 137 : 0), $"{fault.Value}: {result.Status}: {result.Error}");
        (await PodspawnOci.Call(["gc"])).Succeeded();
        // The unnamed one lives as long as its container is there, and no longer.
        string[] left = [.. (await Listed()).Except(before)];
        bool isThere = (await PodspawnOci.Call(["inspect", container])).Status == 0;
        Assert.Equal(isThere, left.Any(name => name.Length == 64));
        (await PodspawnOci.Call(["rm", "--force", "--volumes", container])).Succeeded();
        (await PodspawnOci.Call(["volume", "rm", "--force", volume])).Succeeded();
        Assert.Equal(before, await Listed());
        Assert.Empty(Directory.GetFileSystemEntries("/var/lib/podspawn-oci/volumes/.staging"));
        Assert.Empty(Directory.GetFileSystemEntries("/var/lib/podspawn-oci/volumes/.leaving"));
    }

    private static string[] Filled(string verb, string volume, string container) =>
        [.. Verbs[verb].Select(word => word.Replace("{v}", volume, StringComparison.Ordinal).Replace("{c}", container, StringComparison.Ordinal))];

    private static async Task<string[]> Listed() => (await PodspawnOci.Call(["volume", "ls", "--quiet"])).Succeeded().Lines;
}
