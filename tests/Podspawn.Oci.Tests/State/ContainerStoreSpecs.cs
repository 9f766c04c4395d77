using Podspawn.Oci.Errors;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Cleanup;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.State.Store;

namespace Podspawn.Oci.Tests.State;

public sealed class ContainerStoreSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly ContainerStore store;

    public ContainerStoreSpecs() => store = new ContainerStore(new StateLayout($"{directory.Path}/run", $"{directory.Path}/data"));

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_held_name_is_taken_and_a_released_one_is_free()
    {
        using (store.Create("web"))
        {
            Assert.Contains("is running", Assert.Throws<ContainerException>(() => store.Create("web")).Message, StringComparison.Ordinal);
            Assert.Empty(store.Recover());
        }
        store.Create("web").Dispose();
    }

    [Fact]
    public void A_released_container_leaves_nothing()
    {
        using (ContainerLease lease = store.Create("web"))
            ContainerStore.MakePrivate(store.Layout.Scratches, lease.Paths.Scratch);
        Assert.Empty(Directory.GetFileSystemEntries(store.Layout.Containers));
        Assert.Empty(Directory.GetFileSystemEntries(store.Layout.Scratches));
    }

    [Fact]
    public void What_nobody_holds_is_cleared_away()
    {
        store.Create("held-first").Dispose();
        Directory.CreateDirectory($"{store.Layout.Containers}/left");
        File.WriteAllText($"{store.Layout.Containers}/left/lock", "");
        Directory.CreateDirectory($"{store.Layout.Containers}/half-made");
        Directory.CreateDirectory($"{store.Layout.Scratches}/left/upper");
        Directory.CreateDirectory($"{store.Layout.Scratches}/from-before-the-boot/upper");
        Assert.Equal(["half-made", "left"], store.Recover().Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(store.Layout.Containers));
        Assert.Empty(Directory.GetFileSystemEntries(store.Layout.Scratches));
    }

    [Fact]
    public void Layers_of_another_store_are_left_alone_unless_its_boot_is_over_or_they_are_none()
    {
        store.Create("first").Dispose();
        string[] own = Path.GetFileName(store.Layout.Scratches).Split('-');
        string living = $"aaaaaaaaaaaa-{own[1]}-{own[2]}", dead = $"aaaaaaaaaaaa-000000000000-{own[2]}", elsewhere = "aaaaaaaaaaaa-000000000000-00000000";
        foreach (string other in new[] { living, dead, elsewhere, "web", $"{own[0]}-{own[1]}" })
            Directory.CreateDirectory($"{store.Layout.AllScratches}/{other}/web/upper");
        Directory.CreateDirectory($"{store.Layout.AllScratches}/bbbbbbbbbbbb-{own[1]}-{own[2]}");
        Directory.CreateDirectory(store.Layout.Scratches);
        Assert.Empty(store.Recover());
        Assert.Equal(
            new[] { living, elsewhere, "web", $"{own[0]}-{own[1]}", string.Join('-', own) }.Order(StringComparer.Ordinal),
            Directory.GetDirectories(store.Layout.AllScratches).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Equal(4, OrphanLayers.LeftAlone(store.Layout).Count());
    }

    [Fact]
    public void A_directory_of_another_pid_namespace_or_a_copy_of_it_is_refused_as_long_as_it_holds_containers()
    {
        ContainerLease lease = store.Create("web");
        string file = $"{directory.Path}/run/identity";
        string[] words = File.ReadAllText(file).Split(' ');
        foreach ((int word, string lie, string why) in new[] { (3, "0:4:1", "made in another pid namespace"), (4, "0:1:1\n", "is a copy of another store's") })
        {
            string[] changed = [.. words];
            changed[word] = lie;
            File.WriteAllText(file, string.Join(' ', changed));
            // As seen by another process, which has not read it before.
            var seen = new ContainerStore(new StateLayout(store.Layout.RunDirectory, store.Layout.DataDirectory));
            Assert.Contains(why, Assert.Throws<ForeignStoreException>(() => seen.Recover()).Message, StringComparison.Ordinal);
            Assert.Contains(why, Assert.Throws<ForeignStoreException>(() => seen.Create("other")).Message, StringComparison.Ordinal);
            Assert.True(Directory.Exists(lease.Paths.Directory));
        }
        lease.Dispose();
        var empty = new ContainerStore(new StateLayout(store.Layout.RunDirectory, store.Layout.DataDirectory));
        empty.Create("other").Dispose();
        Assert.NotEqual(words[0], empty.Layout.Identity!.Store);
    }

    [Fact]
    public void What_outlived_a_boot_is_taken_over_with_its_layers()
    {
        (ContainerLease lease, _) = store.CreateDetached(new string('a', 64), _ => "web");
        store.MakeLayer(lease.Paths);
        File.WriteAllText($"{lease.Paths.Scratch}/container.log", "kept");
        RecordJson.Write(lease.Paths.State, new ContainerState
        {
            Status = ContainerStatus.Running,
            Process = ProcessIdentity.Of(Environment.ProcessId),
        });
        lease.Detach().Dispose();
        string before = Path.GetFileName(store.Layout.Scratches), boot = before.Split('-')[1];
        File.WriteAllText($"{directory.Path}/run/identity", File.ReadAllText($"{directory.Path}/run/identity").Replace(boot, "000000000000", StringComparison.Ordinal));
        Directory.Move(store.Layout.Scratches, store.Layout.Scratches.Replace(boot, "000000000000", StringComparison.Ordinal));
        var after = new ContainerStore(new StateLayout(store.Layout.RunDirectory, store.Layout.DataDirectory));
        Assert.Empty(after.Recover());
        // Its cgroups carry its name too, and the records contain their names.
        Assert.Equal(before, Path.GetFileName(after.Layout.Scratches));
        Assert.Equal([after.Layout.Scratches], Directory.GetDirectories(after.Layout.AllScratches));
        ContainerPaths paths = after.Layout.Of(lease.Paths.Id);
        Assert.Equal("kept", File.ReadAllText($"{paths.Scratch}/container.log"));
        // A process number from an earlier boot may be any process's.
        Assert.Null(RecordJson.ReadState(paths.State)!.Process);
    }

    [Fact]
    public void A_container_that_is_discarded_gives_its_name_back()
    {
        (ContainerLease lease, _) = store.CreateDetached(new string('a', 64), _ => "web");
        lease.Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(store.Layout.Names));
    }

    [Fact]
    public void A_name_without_a_container_goes_at_the_next_look()
    {
        store.Create("first").Dispose();
        foreach (string id in new[] { new string('b', 64), "", "..", "x" })
        {
            File.WriteAllText($"{store.Layout.Names}/web", id);
            store.Recover();
            Assert.Empty(Directory.GetFileSystemEntries(store.Layout.Names));
        }
    }

    [Fact]
    public void A_name_that_was_left_can_be_taken_again()
    {
        store.Create("other").Dispose();
        Directory.CreateDirectory($"{store.Layout.Containers}/web");
        File.WriteAllText($"{store.Layout.Containers}/web/config.json", "old");
        using ContainerLease lease = store.Create("web");
        Assert.False(File.Exists(lease.Paths.Config));
    }

    [Fact]
    public async Task Of_many_who_want_one_name_one_gets_it()
    {
        int won = 0;
        using var go = new ManualResetEventSlim();
        using var held = new CountdownEvent(8);
        Task[] tasks = [.. Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(() =>
        {
            go.Wait();
            ContainerLease? lease = null;
            try
            {
                lease = store.Create("web");
                Interlocked.Increment(ref won);
            }
            catch (ContainerException)
            {
            }
            held.Signal();
            held.Wait();
            lease?.Dispose();
        }, TaskCreationOptions.LongRunning))];
        go.Set();
        await Task.WhenAll(tasks);
        Assert.Equal(1, won);
    }

    [Fact]
    public void Directories_that_others_may_write_are_refused()
    {
        directory.Make("run");
        File.SetUnixFileMode($"{directory.Path}/run", (UnixFileMode)0x1FF);
        Assert.Contains("does not belong to us alone", Assert.Throws<ContainerException>(() => store.Create("web")).Message, StringComparison.Ordinal);
    }
}
