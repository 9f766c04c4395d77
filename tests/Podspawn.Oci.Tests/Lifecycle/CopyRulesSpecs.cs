using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle.Copying;
using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Tests.Lifecycle;

/// <summary>Docker's rules for cp: where a copy ends up.</summary>
public sealed class CopyRulesSpecs : IDisposable
{
    private readonly CopyBench bench = new();

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("web:/etc", "web", "/etc")]
    [InlineData("web:etc", "web", "etc")]
    [InlineData("web:/a:b", "web", "/a:b")]
    [InlineData("/a:b", null, "/a:b")]
    [InlineData("./a:b", null, "./a:b")]
    [InlineData("plain", null, "plain")]
    [InlineData("-", null, "-")]
    public void A_colon_tells_a_container(string text, string? container, string path) => Assert.Equal(new CopyPlace(container, path), CopyPlace.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("web:")]
    public void A_place_has_a_path(string text) => Assert.Equal(125, Assert.Throws<ContainerException>(() => CopyPlace.Parse(text)).ExitStatus);

    [Theory]
    [InlineData("file", "new", "new")]
    [InlineData("file", "dir", "dir/file")]
    [InlineData("file", "dir/", "dir/file")]
    [InlineData("file", "dir/.", "dir/file")]
    [InlineData("file", "dir/new", "dir/new")]
    [InlineData("file", "other", "other")]
    [InlineData("/file", "/linked", "dir/file")]
    [InlineData("tree", "new", "new/in")]
    [InlineData("tree/", "new/", "new/in")]
    [InlineData("tree/.", "new", "new/in")]
    [InlineData("tree", "dir", "dir/tree/in")]
    [InlineData("tree/", "dir", "dir/tree/in")]
    [InlineData("tree/.", "dir", "dir/in")]
    [InlineData("tree/.", "linked/", "dir/in")]
    [InlineData("tree/in", "dangling", "dir/nothing")]
    [InlineData("totree/", "dir", "dir/totree/in")]
    public void The_copy_is_where_docker_puts_it(string source, string target, string expected)
    {
        Fill();
        bench.Copy(source, target);
        Assert.Equal("content", File.ReadAllText($"{bench.Target}/{expected}"));
        Assert.Null(new FileInfo($"{bench.Target}/{expected}").LinkTarget);
    }

    [Theory]
    [InlineData("missing", "new", "\"missing\" could not be found on container c: no such file")]
    [InlineData("file/", "new", "is not a directory")]
    [InlineData("file", "new/", "could not be found on")]
    [InlineData("file", "other/", "is not a directory")]
    [InlineData("file", "missing/new", "could not be found on")]
    [InlineData("tree", "other", "destination must be a directory when copying a directory")]
    [InlineData("tree/..", "dir", "ends with '..'")]
    [InlineData("tree/in/x", "dir", "not a directory")]
    [InlineData("file", "loop", "symbolic links")]
    public void What_does_not_fit_is_refused(string source, string target, string why)
    {
        Fill();
        ContainerException e = Assert.Throws<ContainerException>(() => bench.Copy(source, target));
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
        Assert.Equal(125, e.ExitStatus);
        Assert.Equal("old", File.ReadAllText($"{bench.Target}/other"));
    }

    [Fact]
    public void A_link_is_copied_as_a_link_unless_it_is_to_be_followed()
    {
        Fill();
        bench.Copy("tofile", "new");
        Assert.Equal("file", new FileInfo($"{bench.Target}/new").LinkTarget);
        bench.Copy("tofile", "followed", new CopyOptions { FollowLink = true });
        Assert.Equal("content", File.ReadAllText($"{bench.Target}/followed"));
        Assert.Null(new FileInfo($"{bench.Target}/followed").LinkTarget);
    }

    [Fact]
    public void Directories_are_merged_and_files_replaced()
    {
        Fill();
        CopyBench.Write(bench.Target, "dir/tree/in", "old");
        CopyBench.Write(bench.Target, "dir/tree/stays", "stays");
        File.CreateSymbolicLink($"{bench.Target}/dir/tree/link", "stays");
        CopyBench.Write(bench.Source, "tree/link", "no link");
        bench.Copy("tree", "dir");
        Assert.Equal("content", File.ReadAllText($"{bench.Target}/dir/tree/in"));
        Assert.Equal("stays", File.ReadAllText($"{bench.Target}/dir/tree/stays"));
        Assert.Equal("no link", File.ReadAllText($"{bench.Target}/dir/tree/link"));
    }

    [Theory]
    [InlineData("tree/sub", "file over directory")]
    [InlineData("tree/in/x", "directory over file")]
    public void A_file_and_a_directory_do_not_replace_each_other(string there, string what)
    {
        Fill();
        CopyBench.Write(bench.Target, $"dir/{there}/keep", what);
        if (there == "tree/sub")
            CopyBench.Write(bench.Source, "tree/sub", "content");
        Assert.Contains("remove that first", Assert.Throws<ContainerException>(() => bench.Copy("tree", "dir")).Message, StringComparison.Ordinal);
        Assert.Equal(what, File.ReadAllText($"{bench.Target}/dir/{there}/keep"));
    }

    [Theory]
    [InlineData("/etc/hosts", null)]
    [InlineData("/tmp", "/tmp")]
    [InlineData("tmp/a/../b", "/tmp")]
    [InlineData("/tmp/sub/x", "/tmp/sub")]
    [InlineData("/tmpx", null)]
    [InlineData("/", null)]
    public void The_nearest_mount_counts(string path, string? expected) =>
        Assert.Equal(expected, MountPoints.Of(path, [new Mount("/tmp", "tmpfs", null, null), new Mount("/tmp/sub/", "bind", null, null)])?.Destination.TrimEnd('/'));

    private void Fill()
    {
        CopyBench.Write(bench.Source, "file", "content");
        CopyBench.Write(bench.Source, "tree/in", "content");
        File.CreateSymbolicLink($"{bench.Source}/tofile", "file");
        File.CreateSymbolicLink($"{bench.Source}/totree", "/tree");
        CopyBench.Write(bench.Target, "other", "old");
        Directory.CreateDirectory($"{bench.Target}/dir");
        File.CreateSymbolicLink($"{bench.Target}/linked", "/dir");
        File.CreateSymbolicLink($"{bench.Target}/dangling", "dir/nothing");
        File.CreateSymbolicLink($"{bench.Target}/loop", "loop");
    }
}
