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
        // Made from inside out: rename(2) hangs what was made so far below a new directory, so that no path gets long.
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

    [Fact]
    public void A_missing_tree_is_no_error() => TreeRemoval.Remove($"{directory.Path}/none");
}
