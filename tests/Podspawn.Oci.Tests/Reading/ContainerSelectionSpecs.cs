using System.CommandLine;
using Podspawn.Oci.Cli;
using Podspawn.Oci.Cli.Verbs;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.State.Store;

namespace Podspawn.Oci.Tests.Reading;

/// <summary>The flags that choose containers, on a store with three of them.</summary>
public sealed class ContainerSelectionSpecs : IDisposable
{
    private static readonly DateTimeOffset Then = new(2026, 1, 31, 8, 30, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory directory = new();
    private readonly ContainerRegistry registry;
    private readonly ContainerSelection selection = new("all that have ended", container => container.State.Status == ContainerStatus.Exited, "afi");
    private readonly RootCommand root;

    public ContainerSelectionSpecs()
    {
        var store = new ContainerStore(new StateLayout($"{directory.Path}/run", $"{directory.Path}/data"));
        registry = new ContainerRegistry(store);
        Make(store, 'a', "first", ContainerStatus.Exited);
        Make(store, 'b', "second", ContainerStatus.Created);
        Make(store, 'c', "third", ContainerStatus.Exited);
        var verb = new Command("stop");
        selection.AddTo(verb);
        root = new RootCommand { verb };
    }

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("stop --all", "cccc aaaa")]
    [InlineData("stop -a", "cccc aaaa")]
    [InlineData("stop --filter name=i", "cccc aaaa")]
    [InlineData("stop -f name=^f -f name=^s", "aaaa")]
    [InlineData("stop --all --filter label=of=third", "cccc")]
    [InlineData("stop --filter name=^s first second nobody", "second nobody")]
    [InlineData("stop --filter name=^f --cidfile FILES/a --cidfile FILES/b", "aaaa")]
    [InlineData("stop --filter restart-policy=none second", "second")]
    [InlineData("stop --filter restart-policy=always --filter name=i second first --cidfile FILES/c nobody", "nobody")]
    [InlineData("stop --latest", "cccc")]
    [InlineData("stop -l", "cccc")]
    [InlineData("stop second nobody", "second nobody")]
    [InlineData("stop --cidfile FILES/b", "bbbb")]
    [InlineData("stop --cidfile FILES/b --cidfile FILES/a second", "second bbbb aaaa")]
    [InlineData("stop --ignore --cidfile FILES/none --cidfile FILES/a", "aaaa")]
    [InlineData("stop --ignore --cidfile FILES/gone --cidfile FILES/short --cidfile FILES/name second", "second")]
    public void Each_way_to_say_it_chooses_what_it_says(string line, string chosen) =>
        Assert.Equal(chosen.Split(' '), selection.Read(Parse(line), registry).Select(one => one.Text.Length == 64 ? one.Text[..4] : one.Text));

    [Theory]
    [InlineData("stop --all first", "either stop all containers or the container(s) provided in the arguments")]
    [InlineData("stop --latest first", "--latest: containers are named as well")]
    [InlineData("stop --all --latest", "--all and --latest exclude each other")]
    [InlineData("stop --all --filter name=x first", "either stop all containers or the container(s) provided in the arguments")]
    [InlineData("stop --all --cidfile FILES/a", "--all and --cidfile exclude each other")]
    [InlineData("stop --filter name=x --latest", "--filter and --latest exclude each other")]
    [InlineData("stop --latest --cidfile FILES/a", "--latest and --cidfile exclude each other")]
    [InlineData("stop", "CONTAINER is missing; write podspawn-oci stop [FLAGS] CONTAINER...")]
    [InlineData("stop --ignore", "CONTAINER is missing")]
    [InlineData("stop --filter nonsense", "'nonsense' is no filter")]
    [InlineData("stop --filter nmae=x", "did you mean name?")]
    [InlineData("stop --filter restart-policy=fake first", "'fake' is no restart policy")]
    [InlineData("stop --cidfile FILES/none", "FILES/none: no such file")]
    [InlineData("stop --cidfile FILES/gone", "no container with name or ID \"dddd")]
    [InlineData("stop --cidfile FILES/short", "no container with name or ID \"a\"")]
    [InlineData("stop --cidfile FILES/name", "no container with name or ID \"first\"")]
    [InlineData("stop --cidfile FILES/words", "has no container's id in it")]
    [InlineData("stop --ignore --cidfile FILES/words", "has no container's id in it")]
    [InlineData("stop --ignore --cidfile FILES", "is a directory")]
    public void What_contradicts_itself_or_says_nothing_is_refused(string line, string message)
    {
        PodspawnException refusal = Assert.ThrowsAny<PodspawnException>(() => selection.Read(Parse(line), registry));
        Assert.Contains(message.Replace("FILES", directory.Path, StringComparison.Ordinal), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_was_chosen_in_bulk_and_is_gone_or_another_by_now_is_no_failure()
    {
        ParseResult all = Parse("stop --all");
        var seen = new List<string>();
        int status = selection.Do(all, registry, container =>
        {
            seen.Add(container.Name);
            if (container.Name == "third")
                Directory.Delete(container.Paths.Directory, recursive: true);
            else
                RecordJson.Write(container.Paths.State, container.State with { Status = ContainerStatus.Created });
            throw new ContainerException("it is not as it was", ExitCodes.Failure);
        });
        Assert.Equal(0, status);
        Assert.Equal(["third", "first"], seen);
        // One that stays as it was fails.
        status = selection.Do(Parse("stop first"), registry, _ => throw new ContainerException("no", ExitCodes.Failure));
        Assert.Equal(1, status);
    }

    [Fact]
    public void A_name_that_is_not_there_fails_unless_that_is_to_be_ignored()
    {
        Assert.Equal(125, selection.Do(Parse("stop nobody"), registry, _ => { }));
        Assert.Equal(1, selection.Do(Parse("stop nobody"), registry, _ => { }, missing: 1));
        Assert.Equal(0, selection.Do(Parse("stop --ignore nobody"), registry, _ => { }));
        Assert.Equal(0, selection.Do(Parse("stop -i=yes nobody"), registry, _ => { }));
        Assert.Equal(125, selection.Do(Parse("stop -i=no nobody"), registry, _ => { }));
        Assert.Equal(0, selection.Do(Parse("stop nobody"), registry, _ => { }, ignoreMissing: true));
    }

    [Fact]
    public void Without_any_container_the_latest_is_none()
    {
        Directory.Delete($"{directory.Path}/run/containers", recursive: true);
        Assert.Contains("there is no container", Assert.Throws<ContainerException>(() => selection.Read(Parse("stop --latest"), registry)).Message, StringComparison.Ordinal);
        Assert.Empty(selection.Read(Parse("stop --all"), registry));
    }

    [Fact]
    public void Verbs_of_one_container_take_one_name_or_the_latest()
    {
        ContainerSelection one = ContainerSelection.OfOne();
        var verb = new Command("attach");
        one.AddTo(verb);
        var program = new RootCommand { verb };
        Assert.Equal("first", one.ReadOne(program.Parse(["attach", "first"]), registry));
        Assert.Equal(new string('c', 64), one.ReadOne(program.Parse(["attach", "-l"]), registry));
        Assert.Contains("CONTAINER is missing", Assert.Throws<UsageException>(() => one.ReadOne(program.Parse(["attach"]), registry)).Message, StringComparison.Ordinal);
        Assert.Equal([new string('c', 64), "ls", "-l"], one.BeforeCommand(program.Parse(["attach", "-l"]), ["ls", "-l"], registry));
    }

    private ParseResult Parse(string line)
    {
        string[] words = [.. line.Replace("FILES", directory.Path, StringComparison.Ordinal).Split(' ')];
        var reader = new Podspawn.Oci.Cli.Reading.CommandReader(root);
        return root.Parse(reader.Read(words));
    }

    private void Make(ContainerStore store, char digit, string name, ContainerStatus status)
    {
        string id = new(digit, 64);
        (ContainerLease lease, _) = store.CreateDetached(id, _ => name);
        RecordJson.Write(lease.Paths.Definition, new ContainerDefinition
        {
            Id = id, Name = name, Created = Then.AddMinutes(digit), RootDirectory = "/srv", Command = ["true"], HostName = name,
            Runtime = new RuntimeProgram("/usr/bin/runc", "runc", "1.1.5", []),
            Lifecycle = new LifecycleOptions { Labels = new Dictionary<string, string> { ["of"] = name } },
        });
        RecordJson.Write(lease.Paths.State, new ContainerState { Status = status, Finished = status == ContainerStatus.Exited ? Then : null, ExitStatus = status == ContainerStatus.Exited ? 0 : null });
        lease.Detach().Dispose();
        directory.Write(digit.ToString(), $"{id}\n");
        directory.Write("gone", new string('d', 64));
        directory.Write("short", "a");
        directory.Write("name", "first");
        directory.Write("words", "no id");
    }
}
