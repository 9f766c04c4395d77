using Podspawn.Oci.Native;

namespace Podspawn.Oci.Tests.Native;

public sealed class TreeRemovalSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_tree_goes_and_what_its_links_point_to_stays()
    {
        string kept = directory.Write("kept/file", "");
        for (int i = 0; i < 300; i++)
            directory.Write($"tree/a/{i}-{new string('x', 100)}", "");
        directory.Link("tree/out", $"{directory.Path}/kept");
        directory.Link("tree/a/file", kept);
        TreeRemoval.Remove($"{directory.Path}/tree");
        Assert.False(Directory.Exists($"{directory.Path}/tree"));
        Assert.True(File.Exists(kept));
    }

    [Fact]
    public void A_link_in_place_of_the_tree_is_not_followed()
    {
        string kept = directory.Write("kept/file", "");
        directory.Link("tree", $"{directory.Path}/kept");
        TreeRemoval.Remove($"{directory.Path}/tree");
        Assert.True(File.Exists(kept));
    }

    [Fact]
    public void A_tree_deeper_than_a_path_may_be_long_goes_too()
    {
        // Created from inside out: rename(2) moves the tree so far below a new directory, so that no path gets long.
        string name = new('d', 200);
        directory.Make("tree");
        for (int i = 0; i < 100; i++)
        {
            directory.Make($"outer/{name}");
            Directory.Move($"{directory.Path}/tree", $"{directory.Path}/outer/{name}/x");
            Directory.Move($"{directory.Path}/outer", $"{directory.Path}/tree");
        }
        TreeRemoval.Remove($"{directory.Path}/tree");
        Assert.False(Directory.Exists($"{directory.Path}/tree"));
    }

    [Theory]
    [InlineData("+i")]
    [InlineData("+a")]
    [InlineData("+ia")]
    public void What_is_protected_by_flags_goes_too_and_what_links_lead_to_keeps_its_flags(string flags)
    {
        string kept = directory.Write("kept/file", "");
        string file = directory.Write("tree/a/b/file", "");
        directory.Link("tree/a/b/out", $"{directory.Path}/kept");
        directory.Link("tree/a/file", kept);
        Tool.Run("mkfifo", $"{directory.Path}/tree/a/fifo");
        string[] guarded = [file, $"{directory.Path}/tree/a/b", $"{directory.Path}/tree/a", $"{directory.Path}/tree"];
        try
        {
            Tool.Run("chattr", [flags, kept]);
            Tool.Run("chattr", [flags, .. guarded]);
            TreeRemoval.Remove($"{directory.Path}/tree");
            Assert.False(Directory.Exists($"{directory.Path}/tree"));
            Assert.Throws<UnauthorizedAccessException>(() => File.Delete(kept));
        }
        finally
        {
            Tool.Run("chattr", "-ia", kept);
        }
    }

    [Fact]
    public void What_a_mount_holds_stays_and_all_beside_it_goes()
    {
        directory.Write("tree/a/file", "");
        directory.Write("tree/m/on/file", "");
        directory.Write("tree/z/file", "");
        string mount = $"{directory.Path}/tree/m/on";
        Tool.Run("mount", "-t", "tmpfs", "tmpfs", mount);
        try
        {
            File.WriteAllText($"{mount}/other", "");
            Tool.Run("mount", "-o", "remount,ro", mount);
            TreeRemoval.Remove($"{directory.Path}/tree");
            Assert.Equal([$"{directory.Path}/tree/m"], Directory.GetFileSystemEntries($"{directory.Path}/tree"));
            Assert.True(File.Exists($"{mount}/other"));
        }
        finally
        {
            Tool.Run("umount", mount);
        }
    }

    [Fact]
    public void A_missing_tree_is_no_error() => TreeRemoval.Remove($"{directory.Path}/none");
}
