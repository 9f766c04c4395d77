namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>Many commands at the same time on one store.</summary>
[Collection(nameof(Alone))]
public class CrowdSpecs
{
    private const int Commands = 1000;

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Of_two_that_want_one_name_one_wins(string runtime)
    {
        string name = Detached.NewName();
        string[] words = ["run", "--detach", "--name", name, "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "sleep", "1000"];
        Outcome[] both = await Task.WhenAll(PodspawnOci.Call(words), PodspawnOci.Call(words));
        Assert.Single(both, outcome => outcome.Status == 0);
        Outcome other = both.Single(outcome => outcome.Status != 0);
        Assert.Equal(125, other.Status);
        Assert.Contains($"the name '{name}' is taken", other.Error, StringComparison.Ordinal);
        (await PodspawnOci.Call(["rm", "--force", name])).Succeeded();
        foreach (Outcome outcome in both.Where(outcome => outcome.Status == 0))
            await Leftovers.AssertNone(outcome.Lines.Single());
    }

    [Fact]
    public async Task A_thousand_commands_at_once_neither_break_anything_nor_wait_for_each_other()
    {
        string crowd = Detached.NewName();
        string[] names = [.. Enumerable.Range(0, 10).Select(i => $"{crowd}-{i}")];
        string[] runtimes = ["runc", "crun", "runsc"];
        // All begin at once: a command on a container that may exist or not, run or not, may fail, but with a message.
        Outcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, Commands).Select(i =>
        {
            string name = names[i % names.Length], runtime = runtimes[i / names.Length % runtimes.Length];
            return PodspawnOci.Call((i / names.Length % 10) switch
            {
                0 => ["run", "--detach", "--label", crowd, "--name", name, "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "sleep", "1000"],
                1 => ["run", "--detach", "--rm", "--label", crowd, "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "true"],
                2 => ["stop", "--time", "0", name],
                3 => ["start", name],
                4 => ["inspect", name],
                5 => ["rm", "--force", name],
                6 => ["create", "--label", crowd, "--name", name, "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "sleep", "1000"],
                7 => ["kill", name],
                8 => ["rename", name, names[(i + 1) % names.Length]],
                _ => ["ps", "--all"],
            }, limit: TimeSpan.FromMinutes(10));
        }));
        Assert.All(outcomes, outcome =>
        {
            Assert.Contains(outcome.Status, new[] { 0, 1, 125 });
            Assert.True(outcome.Status == 0 || outcome.Error.StartsWith("podspawn-oci: ", StringComparison.Ordinal), outcome.Error);
            Assert.DoesNotContain("unexpected", outcome.Error, StringComparison.Ordinal);
        });

        // Those with --rm are removed with their ends; all others can be removed, each by its one name.
        string[] left = [];
        await Eventually.Is(true, () =>
        {
            left = PodspawnOci.Call(["ps", "--all", "--quiet", "--no-trunc", "--filter", $"label={crowd}"]).GetAwaiter().GetResult().Succeeded().Lines;
            return left.Length <= names.Length;
        });
        if (left.Length > 0)
            (await PodspawnOci.Call(["rm", "--force", .. left])).Succeeded();
        foreach (string id in left)
            await Leftovers.AssertNone(id);
        Assert.DoesNotContain(Directory.GetFiles("/run/podspawn-oci/names"), path => path.Contains(crowd, StringComparison.Ordinal));
        (await PodspawnOci.Call(["gc"])).Succeeded();
        Assert.Empty((await PodspawnOci.Call(["gc", "--dry-run"])).Succeeded().Lines);
    }
}
