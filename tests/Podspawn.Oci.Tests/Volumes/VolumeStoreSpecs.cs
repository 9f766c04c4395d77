using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle.Volumes;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Events;
using Podspawn.Oci.State.Store;
using Podspawn.Oci.Translation.Requests;
using Podspawn.Oci.Volumes;

namespace Podspawn.Oci.Tests.Volumes;

/// <summary>Volumes in a store of their own: made, used, filled, removed.</summary>
public sealed class VolumeStoreSpecs : IDisposable
{
    private static readonly Dictionary<string, string> None = [];

    private readonly TemporaryDirectory directory = new();
    private readonly StateLayout layout;
    private readonly ContainerStore containers;
    private readonly VolumeStore volumes;

    public VolumeStoreSpecs()
    {
        layout = new StateLayout($"{directory.Path}/run", $"{directory.Path}/data");
        containers = new ContainerStore(layout);
        volumes = new VolumeStore(layout);
    }

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_volume_is_found_as_it_was_made()
    {
        Volume made = volumes.Create("data", new Dictionary<string, string> { ["a"] = "b" });
        Volume found = new VolumeStore(layout).Find("data");
        Assert.Equivalent(made, found, strict: true);
        Assert.Equal((made.Name, made.IsAnonymous, true), (found.Name, false, found.NeedsOwner));
        Assert.True(Directory.Exists(found.Mountpoint));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(layout.Volumes));
        Assert.Equal(0x1EDu, (uint)File.GetUnixFileMode(found.Mountpoint));
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData(".lock")]
    [InlineData(".staging")]
    [InlineData("a/b")]
    [InlineData("../../etc")]
    [InlineData("-f")]
    [InlineData("")]
    [InlineData("a\nb")]
    public void A_name_that_is_none_leads_nowhere(string name)
    {
        Assert.Throws<ContainerException>(() => volumes.Create(name, None));
        Assert.False(volumes.Exists(name));
        Assert.Throws<NoSuchVolumeException>(() => volumes.Remove(name));
        Assert.Throws<NoSuchVolumeException>(() => volumes.Find(name));
    }

    [Fact]
    public void What_happens_to_volumes_is_told()
    {
        volumes.Create("data", None);
        using (containers.Create("web"))
            volumes.Claim("web", [new NamedVolume("data"), new NamedVolume("made")], _ => { });
        volumes.Remove("data");
        Assert.Equal(
            ["volume create data", "volume create made", "volume remove data"],
            File.ReadLines(EventLog.PathIn(layout)).Select(line => EventLine.Read(System.Text.Encoding.UTF8.GetBytes(line))!)
                .Select(happened => $"{happened.Type} {happened.Action} {happened.Name}"));
    }

    [Fact]
    public void A_name_is_taken_once()
    {
        volumes.Create("data", None);
        Assert.Contains("already exists", Assert.Throws<ContainerException>(() => volumes.Create("data", None)).Message, StringComparison.Ordinal);
        Assert.True(volumes.Create(null, None).IsAnonymous);
        Assert.Equal(2, volumes.All().Count);
    }

    [Fact]
    public void A_volume_that_a_container_uses_stays()
    {
        volumes.Create("data", None);
        using (containers.Create("web"))
        {
            volumes.Claim("web", [new NamedVolume("data")], _ => { });
            ContainerException refused = Assert.Throws<ContainerException>(() => volumes.Remove("data"));
            Assert.Equal((2, true), (refused.ExitStatus, refused.Message.Contains("being used by the following container(s): web", StringComparison.Ordinal)));
            Assert.Equal(["web"], volumes.Users()(volumes.Find("data")));
        }
        // The container's directory is gone: whoever made it was killed before it could withdraw.
        volumes.Remove("data");
        Assert.Empty(volumes.All());
        Assert.Empty(Directory.GetFileSystemEntries($"{layout.Volumes}/.staging"));
    }

    [Fact]
    public void A_container_of_another_state_directory_holds_a_volume_as_well()
    {
        var other = new ContainerStore(new StateLayout($"{directory.Path}/run2", layout.DataDirectory));
        using (other.Create("far"))
        {
            new VolumeStore(other.Layout).Claim("far", [new NamedVolume("data")], _ => { });
            Assert.Contains("far of another state directory", Assert.Throws<ContainerException>(() => volumes.Remove("data")).Message, StringComparison.Ordinal);
        }
        new VolumeStore(other.Layout).Withdraw("far", ["data"]);
        volumes.Remove("data");
    }

    [Fact]
    public void A_container_of_an_earlier_boot_holds_nothing()
    {
        containers.Establish();
        volumes.Create("data", None);
        string host = layout.Identity!.Host;
        File.WriteAllText($"{layout.Volumes}/data/users/0123456789ab-000000000000-{host}.web", "");
        volumes.Remove("data");
    }

    [Fact]
    public void What_was_made_for_a_container_without_a_name_goes_with_it()
    {
        string name = VolumeName.New();
        using (containers.Create("web"))
        {
            volumes.Claim("web", [new NamedVolume(name) { IsAnonymous = true }, new NamedVolume("kept")], _ => { });
            volumes.Recover();
            Assert.Equal(2, volumes.All().Count);
        }
        Assert.Equal([name], volumes.Unused());
        volumes.Recover();
        Assert.Equal(["kept"], volumes.All().Select(volume => volume.Name));
        Assert.Empty(volumes.Orphans());
    }

    [Fact]
    public void A_volume_that_must_be_there_is_not_made()
    {
        containers.Establish();
        Assert.Throws<NoSuchVolumeException>(() => volumes.Claim("web", [new NamedVolume("gone") { MustExist = true }], _ => { }));
        Assert.Empty(volumes.All());
    }

    [Fact]
    public void An_empty_volume_takes_what_the_root_has_with_its_owner()
    {
        directory.Write("root/data/file", "there");
        Tool.Run("chown", "-R", "1234:4321", $"{directory.Path}/root/data");
        Tool.Run("chmod", "2750", $"{directory.Path}/root/data");
        Assert.Equal("there", File.ReadAllText($"{Prepared("data", "/data")}/file"));
        Assert.Equal("1234 4321 2750", Tool.Run("stat", "-c", "%u %g %a", $"{layout.Volumes}/data/_data").Trim());
        // What the user has put there since is his.
        File.WriteAllText($"{layout.Volumes}/data/_data/file", "mine");
        Assert.Equal("mine", File.ReadAllText($"{Prepared("data", "/data")}/file"));
    }

    [Fact]
    public void With_nocopy_and_where_the_root_has_nothing_it_stays_empty()
    {
        directory.Write("root/data/file", "there");
        Assert.Empty(Directory.GetFileSystemEntries(Prepared("one", "/data", takesNothing: true)));
        Assert.Empty(Directory.GetFileSystemEntries(Prepared("two", "/nothing")));
        Assert.Empty(Directory.GetFileSystemEntries(Prepared("two", "/nothing/deeper")));
        // As in podman, an empty volume takes what a later container has for it.
        Assert.Equal("there", File.ReadAllText($"{Prepared("two", "/data")}/file"));
    }

    [Fact]
    public void A_link_in_the_root_leads_no_further_than_the_root()
    {
        directory.Write("root/etc/mine", "inside");
        directory.Link("root/data", "/etc");
        directory.Link("root/out", "../../../../../../etc");
        Assert.Equal(["mine"], Directory.GetFiles(Prepared("one", "/data")).Select(Path.GetFileName));
        Assert.Equal(["mine"], Directory.GetFiles(Prepared("two", "/out")).Select(Path.GetFileName));
    }

    [Fact]
    public void A_copy_that_was_interrupted_is_made_anew()
    {
        directory.Write("root/data/file", "there");
        volumes.Create("data", None);
        directory.Write("data/volumes/data/.part/half", "half");
        Assert.Equal(["file"], Directory.GetFiles(Prepared("data", "/data")).Select(Path.GetFileName));
        Assert.False(Directory.Exists($"{layout.Volumes}/data/.part"));
    }

    [Fact]
    public void Of_those_that_nobody_uses_a_prune_takes_what_has_no_name()
    {
        string unnamed = volumes.Create(null, None).Name;
        volumes.Create("labelled", new Dictionary<string, string> { ["tmp"] = "" });
        volumes.Create("plain", None);
        var pruning = new VolumePruning(volumes);
        Assert.Equal([unnamed], Names(pruning.Find(Filter(), all: false)));
        Assert.Equal(["labelled"], Names(pruning.Find(Filter("label=tmp"), all: true)));
        Assert.Equal(["plain"], Names(pruning.Find(Filter("label!=tmp", "name=^pl"), all: true)));
        Assert.Equal(3, pruning.Remove(pruning.Find(Filter(), all: true)).Count);
        Assert.Empty(volumes.All());
    }

    [Theory]
    [InlineData("label")]
    [InlineData("labl=x")]
    [InlineData("dangling=maybe")]
    [InlineData("name=(")]
    [InlineData("since=nobody")]
    public void What_is_no_filter_is_refused(string text) => Assert.ThrowsAny<ContainerException>(() => Filter(text));

    [Fact]
    public void Removal_and_use_at_one_time_never_leave_a_container_without_its_volume() => Parallel.For(0, 8, i =>
    {
        var store = new ContainerStore(new StateLayout(layout.RunDirectory, layout.DataDirectory));
        var mine = new VolumeStore(store.Layout);
        for (int turn = 0; turn < 25; turn++)
        {
            string id = $"c{i}-{turn}";
            using ContainerLease lease = store.Create(id);
            mine.Claim(id, [new NamedVolume("shared")], _ => { });
            Assert.Throws<ContainerException>(() => mine.Remove("shared"));
            mine.OpenData("shared").Dispose();
            mine.Withdraw(id, ["shared"]);
            lease.Dispose();
            try
            {
                mine.Remove("shared");
            }
            catch (ContainerException)
            {
                // Another container uses it, or has removed it.
            }
        }
    });

    private static IEnumerable<string> Names(IEnumerable<Volume> found) => found.Select(volume => volume.Name);

    private VolumeFilter Filter(params string[] texts) => VolumeFilter.Parse(texts, volumes);

    // The directory of a volume that a container has been made with.
    private string Prepared(string name, string destination, bool takesNothing = false)
    {
        var named = new NamedVolume(name) { TakesNothing = takesNothing };
        using RootFilesystem root = RootFilesystem.Open($"{directory.Path}/root");
        using ContainerLease lease = containers.Create("web");
        volumes.Claim("web", [named], _ => { });
        VolumeContent.Prepare(layout, new VolumeMount($"{layout.Volumes}/{name}/_data", destination) { Volume = named }, root, "web");
        return volumes.Find(name).Mountpoint;
    }
}
