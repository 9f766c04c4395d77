namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>The verbs of volumes and of the disk, by podman's words and columns, in a store of their own.</summary>
public sealed class VolumeVerbSpecs
{
    private static readonly string[] OnBusybox = ["--rootfs", Repository.Busybox];

    [Fact]
    public async Task A_volume_goes_through_a_pipe_to_another_one()
    {
        await using World world = await World.Make();
        (await world.Call(["run", .. OnBusybox, "-v", "from:/data", "sh", "-c", "echo hello > /data/file; chown 5:6 /data/file"])).Succeeded();
        (await world.Call("volume", "create", "to")).Succeeded();
        await world.Shell($"{Repository.Command} volume export from | gzip | {Repository.Command} volume import to -");
        Outcome seen = (await world.Call(["run", .. OnBusybox, "-v", "to:/data", "sh", "-c", "cat /data/file; stat -c %u:%g /data/file"])).Succeeded();
        Assert.Equal(["hello", "5:6"], seen.Lines);
        Assert.Equal("/var/lib/podspawn-oci/volumes/to/_data\n", (await world.Call("volume", "mount", "to")).Succeeded().Text);
        Assert.Equal("to\n", (await world.Call("volume", "unmount", "to")).Succeeded().Text);
    }

    [Fact]
    public async Task What_is_used_of_the_disk_is_told_by_podmans_columns()
    {
        await using World world = await World.Make();
        (await world.Call(["create", "--name", "c1", .. OnBusybox, "-v", "/unnamed", "true"])).Succeeded();
        (await world.Call(["run", "-d", "--name", "c2", .. OnBusybox, "-v", "named:/data", "sh", "-c", "echo five > /data/file; exec sleep 600"])).Succeeded();
        (await world.Call("volume", "create", "unused")).Succeeded();
        Assert.Equal(
            ["Images:0:0", "Containers:2:1", "Local Volumes:3:2"], (await world.Call("system", "df", "--format", "{{ .Type }}:{{ .Total }}:{{ .Active }}")).Succeeded().Lines);
        string[] table = (await world.Call("system", "df")).Succeeded().Lines;
        Assert.Equal("TYPE TOTAL ACTIVE SIZE RECLAIMABLE", string.Join(' ', table[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        await Eventually.Holds("the file counts", async () => (await world.Call("system", "df", "-v")).Succeeded().Lines.Any(line => line.StartsWith("named ", StringComparison.Ordinal)
            && line.EndsWith("1      5B", StringComparison.Ordinal)));
        Outcome both = await world.Call("system", "df", "-v", "--format", "json");
        Assert.NotEqual(0, both.Status);
        Assert.Contains("exclude each other", both.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("is no option", "volume", "create", "-o", "type=tmpfs", "x")]
    [InlineData("give the launch -v /PATH:PATH", "volume", "create", "--opt", "device=/etc", "x")]
    [InlineData("use local", "volume", "create", "--driver", "nfs", "x")]
    [InlineData("no volume with name \"x\" found: no such volume", "volume", "rm", "x")]
    [InlineData("no volume with name \"x\" found: no such volume", "volume", "export", "x")]
    public async Task What_is_not_to_be_had_is_refused_in_words(string words, params string[] arguments)
    {
        await using World world = await World.Make();
        Outcome refused = await world.Call(arguments);
        Assert.NotEqual(0, refused.Status);
        Assert.Contains(words == "is no option" ? "has no options" : words, refused.Error, StringComparison.Ordinal);
        Assert.Empty((await world.Call("volume", "ls", "--quiet")).Succeeded().Lines);
    }

    [Fact]
    public async Task Mounts_that_are_said_twice_are_one_and_two_at_one_place_are_refused_in_podmans_words()
    {
        await using World world = await World.Make();
        foreach (string[] same in new string[][] { ["-v", "a:/v", "-v", "a:/v"], ["--tmpfs", "/v", "--tmpfs", "/v"], ["-v", "/etc:/v:ro", "-v", "/etc:/v:ro"] })
            (await world.Call(["run", .. OnBusybox, .. same, "true"])).Succeeded();
        foreach (string[] two in new string[][] { ["-v", "a:/v", "-v", "b:/v"], ["-v", "a:/v", "--tmpfs", "/v"], ["--tmpfs", "/v", "--tmpfs", "/v:ro"] })
        {
            Outcome refused = await world.Call(["run", .. OnBusybox, .. two, "true"]);
            Assert.Equal(125, refused.Status);
            Assert.Contains("/v: duplicate mount destination", refused.Error, StringComparison.Ordinal);
        }
    }
}
