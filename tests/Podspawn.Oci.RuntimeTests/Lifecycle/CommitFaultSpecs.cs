using CliWrap;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>A commit is killed after each of its steps: the container goes on, and nothing of the image is left.</summary>
[Collection(nameof(Alone))]
public sealed class CommitFaultSpecs : IDisposable
{
    private static readonly string[] OfCommit = ["commit.", "pause."];

    private readonly TemporaryDirectory directory = new();

    private string Store => $"{directory.Path}/store";

    public void Dispose() => Tool.Run("rm", "-rf", "--one-file-system", "--", directory.Path);

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Whatever_step_a_commit_is_killed_after_the_container_goes_on_and_nothing_is_left(string runtime)
    {
        await using Detached container = await Detached.RunShell(runtime, [], "i=0; while :; do i=$((i+1)); echo $i > /count; sleep 0.05; done");
        string journal = directory.Write("journal", "");
        Assert.Equal(0, await Commit(container, ("PODSPAWN_OCI_FAULT_JOURNAL", journal)));
        string[] passed = [.. File.ReadLines(journal).Where(place => OfCommit.Any(prefix => place.StartsWith(prefix, StringComparison.Ordinal))).Distinct()];
        Assert.Superset(["commit.paused", "commit.layer", "pause.announced", "pause.done"], passed.ToHashSet());
        foreach (string place in passed)
        {
            Assert.Equal(137, await Commit(container, ("PODSPAWN_OCI_FAULT", place)));
            // The next command that looks at it lets it go on.
            Assert.Equal("running", await container.Status());
            string before = (await container.Exec([], "cat", "/count")).Succeeded().Text;
            await Eventually.Holds($"{place}: it goes on", async () => (await container.Exec([], "cat", "/count")).Succeeded().Text != before);
            (await PodspawnOci.Call(["images", "--data-root", Store])).Succeeded();
            Assert.Empty(Directory.GetFileSystemEntries($"{Store}/staging"));
        }
        // No pause of a commit is a user's word that it is not to run on.
        (await container.Call("pause", "{}")).Succeeded();
        (await container.Call("unpause", "{}")).Succeeded();
    }

    private async Task<int> Commit(Detached container, (string Name, string Value) fault) => (await Outcome.Of(
        Cli.Wrap(Repository.FaultCommand).WithArguments(["commit", "--data-root", Store, "--quiet", "--pause", container.Name])
            .WithEnvironmentVariables(new Dictionary<string, string?> { [fault.Name] = fault.Value }))).Status;
}
