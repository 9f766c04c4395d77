using Podspawn.Oci.Containers;

namespace Podspawn.Oci.Tests.Containers;

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
