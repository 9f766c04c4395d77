using System.Text.Json;
using System.Text.Json.Nodes;
using Podspawn.Oci.Images;
using Podspawn.Oci.Images.Building;
using Podspawn.Oci.Images.Documents;

namespace Podspawn.Oci.Tests.Images;

/// <summary>What a container was run with, and what changes say, over the configuration of the image below.</summary>
public sealed class CommittedConfigurationSpecs
{
    private static readonly ImageSettings Below = new()
    {
        Entrypoint = ["/entry"], Cmd = ["old"], Env = ["PATH=/bin", "A=1", "HOME=/srv"], User = "app", WorkingDir = "/srv", StopSignal = "SIGINT",
        Labels = new Dictionary<string, string?> { ["kept"] = "1", ["both"] = "below" },
    };

    [Fact]
    public void The_command_is_split_where_the_entry_point_of_the_image_ends()
    {
        ImageChanges changed = Changed(["/entry", "new", "word"]);
        Assert.Equal(["/entry"], changed.Entrypoint);
        Assert.Equal(["new", "word"], changed.Command);
        ImageChanges other = Changed(["sh", "-c", "x"]);
        Assert.Empty(other.Entrypoint);
        Assert.Equal(["sh", "-c", "x"], other.Command);
    }

    [Fact]
    public void Variables_that_each_launch_sets_are_no_part_of_the_image()
    {
        ImageChanges changed = Changed(["x"], "PATH=/bin", "A=2", "HOSTNAME=web", "TERM=xterm", "container=oci", "HOME=/srv", "B=");
        Assert.Equal(["PATH=/bin", "A=2", "HOME=/srv", "B="], changed.Environment.Select(variable => $"{variable.Key}={variable.Value}"));
    }

    [Fact]
    public void Labels_of_both_are_kept_and_the_containers_win() =>
        Assert.Equal(["kept=1", "both=container"], Changed(["x"]).Labels.Select(label => $"{label.Key}={label.Value}"));

    [Fact]
    public void Changes_win_over_both()
    {
        ImageChanges changed = CommittedConfiguration.Changed(Below, Process(["/entry", "x"]), ["ENV A=$A-more C=3", "USER 5", "WORKDIR sub", "EXPOSE 80", "VOLUME /d", "LABEL both=change"]);
        Assert.Contains(new KeyValuePair<string, string>("A", "9-more"), changed.Environment);
        Assert.Equal(("5", "/w/sub", "80/tcp", "/d"), (changed.User, changed.WorkingDirectory, changed.ExposedPorts.Single(), changed.Volumes.Single()));
        Assert.Equal("change", changed.Labels.Single(label => label.Key == "both").Value);
    }

    [Fact]
    public void The_places_of_mounts_become_volumes_beside_those_of_the_image()
    {
        var below = new ImageSettings { Volumes = new Dictionary<string, JsonElement> { ["/own"] = default } };
        Assert.Equal(["/own", "/data"], CommittedConfiguration.Changed(below, Process(["x"]) with { Volumes = ["/data"] }, []).Volumes);
    }

    [Fact]
    public void A_new_entry_point_does_not_get_the_old_arguments()
    {
        Assert.Empty(CommittedConfiguration.Changed(Below, Process(["/entry", "x"]), ["ENTRYPOINT [\"/new\"]"]).Command);
        Assert.Equal(["y"], CommittedConfiguration.Changed(Below, Process(["/entry", "x"]), ["ENTRYPOINT [\"/new\"]", "CMD [\"y\"]"]).Command);
    }

    [Fact]
    public void A_wrong_change_is_refused_by_its_name() =>
        Assert.Contains("FROM x", Assert.Throws<ImageException>(() => CommittedConfiguration.Changed(Below, Process(["x"]), ["FROM x"])).Message, StringComparison.Ordinal);

    [Fact]
    public void The_history_has_one_step_more_and_what_was_there_stays()
    {
        var below = new ImageDetails { Author = "them", Config = Below, History = [new ImageHistory { CreatedBy = "first" }, new ImageHistory { CreatedBy = "empty", EmptyLayer = true }] };
        byte[] json = CommittedConfiguration.Write(
            below, Changed(["/entry", "x"]), new ImagePlatform("linux", "arm64", "v8"), "me", new ImageHistory { Created = "2026-01-01T00:00:00Z", CreatedBy = "x", Comment = "why" }, ["a", "b"]);
        JsonNode made = JsonNode.Parse(json)!;
        Assert.Equal(("me", "linux", "arm64", "v8"), ((string?)made["author"], (string?)made["os"], (string?)made["architecture"], (string?)made["variant"]));
        Assert.Equal(["first", "empty", "x"], made["history"]!.AsArray().Select(step => (string?)step!["created_by"]));
        Assert.Equal([false, true, false], made["history"]!.AsArray().Select(step => (bool?)step!["empty_layer"] ?? false));
        Assert.Equal(["a", "b"], made["rootfs"]!["diff_ids"]!.AsArray().Select(id => (string?)id));
        Assert.Equal(("app", "SIGINT", "/w"), ((string?)made["config"]!["User"], (string?)made["config"]!["StopSignal"], (string?)made["config"]!["WorkingDir"]));
    }

    private static ImageChanges Changed(string[] arguments, params string[] environment) => CommittedConfiguration.Changed(Below, Process(arguments, environment), []);

    private static CommittedProcess Process(string[] arguments, params string[] environment) =>
        new(arguments, environment.Length == 0 ? ["A=9"] : environment, "/w", null, new Dictionary<string, string> { ["both"] = "container" }, []);
}
