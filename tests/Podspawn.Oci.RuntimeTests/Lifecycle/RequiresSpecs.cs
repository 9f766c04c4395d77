namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>Containers that need others to run before they do.</summary>
public sealed class RequiresSpecs
{
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_is_needed_is_started_first_and_what_that_needs_before_it(string runtime)
    {
        await using Detached first = await Detached.Create(runtime, [], "sleep", "600");
        await using Detached second = await Detached.Create(runtime, ["--requires", first.Name], "sleep", "600");
        Assert.Equal(first.Id, Assert.Single((await second.Inspect()).GetProperty("Dependencies").EnumerateArray()).GetString());
        await using Detached third = await Detached.Run(runtime, ["--requires", $"{second.Name},{first.Name}"], "sleep", "600");
        DateTimeOffset[] begun = [await StartOf(first), await StartOf(second), await StartOf(third)];
        Assert.Equal(begun.Order(), begun);
        await first.Do("stop", "--time", "0");
        await third.Do("restart", "--time", "0");
        Assert.Equal(("running", "running"), (await first.Status(), await second.Status()));

        await second.Do("stop", "--time", "0");
        Outcome foreground = await PodspawnOci.Call(["run", "--runtime", runtime, "--requires", second.Name, "--rootfs", Repository.Busybox, "true"]);
        foreground.Succeeded();
        Assert.Equal("running", await second.Status());
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Without_what_is_needed_nothing_is_started(string runtime)
    {
        string name = Detached.NewName();
        string[] run = ["run", "-d", "--runtime", runtime, "--name", name, "--rootfs", Repository.Busybox];
        Assert.Contains("there is no container", (await PodspawnOci.Call([.. run, "--requires", "nosuch", "true"])).EndedWith(125).Error, StringComparison.Ordinal);
        Assert.False(File.Exists($"/run/podspawn-oci/names/{name}"));
        await using Detached broken = await Detached.Create(runtime, [], "/nosuch");
        Assert.NotEqual(0, (await PodspawnOci.Call([.. run, "--requires", broken.Name, "true"])).Status);
        Assert.False(File.Exists($"/run/podspawn-oci/names/{name}"));
        Assert.Contains("--replace", (await PodspawnOci.Call(["create", "--replace", "--name", broken.Name, "--requires", broken.Name, "--rootfs", Repository.Busybox, "true"]))
            .EndedWith(125).Error, StringComparison.Ordinal);

        Detached gone = await Detached.Create(runtime, [], "sleep", "600");
        await using Detached needs = await Detached.Create(runtime, ["--requires", gone.Name], "true");
        await gone.DisposeAsync();
        Assert.Contains("is gone", (await needs.Try("start")).Error, StringComparison.Ordinal);
        Assert.Equal("created", await needs.Status());
    }

    private static async Task<DateTimeOffset> StartOf(Detached container) => (await container.State()).GetProperty("StartedAt").GetDateTimeOffset();
}
