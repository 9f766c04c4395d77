using System.Formats.Tar;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle.Copying;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Tests.Lifecycle;

/// <summary>What stands in the way of a copy: a directory where a file is to be, or the other way round.</summary>
public sealed class CopyOverwriteSpecs : IDisposable
{
    private static readonly CopyOptions Overwriting = new() { Overwrite = true };

    private readonly CopyBench bench = new();

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("one", "dir", "a directory", "dir/one")]
    [InlineData("two", "dir", "a file", "dir/two")]
    [InlineData("two", "/dir/", "a file", "dir/two")]
    [InlineData("deep", "dir/.", "a directory", "dir/deep/a/one")]
    [InlineData("deep/.", "dir/deep", "a directory", "dir/deep/a/one")]
    [InlineData("link", "dir", "a directory", "dir/link")]
    public void Nothing_of_it_goes_without_being_asked_for_and_podmans_words_tell_where(string source, string target, string kind, string place)
    {
        Fill();
        ContainerException e = Assert.Throws<ContainerException>(() => bench.Copy(source, target));
        Assert.Matches($"^c: error creating \"/?{place}\": {kind} has this name at the target: file exists; remove that first, or replace it with ", e.Message);
        Assert.Equal(125, e.ExitStatus);
        foreach (string kept in new[] { "one/sub/kept", "two", "deep/a/one/kept", "link/kept" })
            Assert.Equal("old", File.ReadAllText($"{bench.Target}/dir/{kept}"));
    }

    [Fact]
    public void A_file_and_a_link_replace_a_tree_and_a_directory_a_file()
    {
        Fill();
        foreach (string name in new[] { "one", "two", "deep", "link" })
            bench.Copy(name, "dir", Overwriting);
        Assert.Equal("new", File.ReadAllText($"{bench.Target}/dir/one"));
        Assert.Equal("new", File.ReadAllText($"{bench.Target}/dir/two/in"));
        Assert.Equal("new", File.ReadAllText($"{bench.Target}/dir/deep/a/one"));
        Assert.Equal("old", File.ReadAllText($"{bench.Target}/dir/deep/beside"));
        Assert.Equal("nowhere", new FileInfo($"{bench.Target}/dir/link").LinkTarget);
        // A target that is named itself is a directory or a file by its name, as with podman.
        Assert.Contains("must be a directory", Assert.Throws<ContainerException>(() => bench.Copy("two", "dir/one", Overwriting)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_does_the_same_for_directories_too_that_it_only_implies()
    {
        Fill();
        byte[] archive = ArchiveOf("one", "two/in", "deep/a/one");
        Assert.Contains("error creating \"/dir/one\": a directory", Assert.Throws<ContainerException>(() => bench.Extract(archive, "/dir")).Message, StringComparison.Ordinal);
        byte[] implying = ArchiveOf("two/in");
        Assert.Contains("error creating \"/dir/two\": a file", Assert.Throws<ContainerException>(() => bench.Extract(implying, "/dir")).Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText($"{bench.Target}/dir/two"));
        bench.Extract(archive, "/dir", Overwriting);
        foreach (string name in new[] { "one", "two/in", "deep/a/one" })
            Assert.Equal("new", File.ReadAllText($"{bench.Target}/dir/{name}"));
        bench.Extract(bench.Archive("two"), "/dir", Overwriting);
    }

    [Theory]
    [InlineData("two")]
    [InlineData("deep")]
    public void A_link_in_the_way_is_replaced_itself_and_not_followed(string name)
    {
        Fill();
        TreeRemoval.Remove($"{bench.Target}/dir/{name}");
        File.CreateSymbolicLink($"{bench.Target}/dir/{name}", bench.Host);
        Assert.Contains("a symbolic link has this name", Assert.Throws<ContainerException>(() => bench.Copy(name, "dir")).Message, StringComparison.Ordinal);
        bench.Copy(name, "dir", Overwriting);
        Assert.Null(new FileInfo($"{bench.Target}/dir/{name}").LinkTarget);
        Assert.True(Directory.Exists($"{bench.Target}/dir/{name}"));
        bench.AssertHostUntouched();
    }

    [Fact]
    public void Links_in_a_tree_that_goes_are_not_followed()
    {
        Fill();
        File.CreateSymbolicLink($"{bench.Target}/dir/one/out", bench.Host);
        File.CreateSymbolicLink($"{bench.Target}/dir/one/sub/file", $"{bench.Host}/secret");
        bench.Copy("one", "dir", Overwriting);
        bench.AssertHostUntouched();
    }

    [Theory]
    [InlineData("dir/one", "one")]
    [InlineData("dir/one/sub", "one")]
    [InlineData("dir/deep/a/one", "deep")]
    public void What_is_mounted_in_the_way_stays_and_all_beside_it(string mount, string source)
    {
        Fill();
        Tool.Run("mount", "-t", "tmpfs", "tmpfs", $"{bench.Target}/{mount}");
        try
        {
            File.WriteAllText($"{bench.Target}/{mount}/mounted", "old");
            Assert.Contains("mounted", Assert.Throws<ContainerException>(() => bench.Copy(source, "dir", Overwriting)).Message, StringComparison.Ordinal);
            Assert.True(File.Exists($"{bench.Target}/{mount}/mounted"));
        }
        finally
        {
            Tool.Run("umount", $"{bench.Target}/{mount}");
        }
        Assert.Equal("old", File.ReadAllText($"{bench.Target}/dir/one/sub/kept"));
        Assert.Equal("old", File.ReadAllText($"{bench.Target}/dir/deep/a/one/kept"));
    }

    [Fact]
    public void A_file_that_is_mounted_is_written_to_by_a_file_alone()
    {
        Fill();
        CopyBench.Write(bench.Source, "other/one", "other");
        File.WriteAllText($"{bench.Target}/dir/bound", "");
        Tool.Run("mount", "--bind", $"{bench.Source}/one", $"{bench.Target}/dir/bound");
        try
        {
            CopyBench.Write(bench.Source, "as/bound/in", "");
            Assert.Contains("mounted", Assert.Throws<ContainerException>(() => bench.Copy("as/bound", "dir", Overwriting)).Message, StringComparison.Ordinal);
            // It would be emptied before it is read.
            Assert.Contains("nothing to copy", Assert.Throws<ContainerException>(() => bench.Copy("one", "dir/bound")).Message, StringComparison.Ordinal);
            Assert.Equal("new", File.ReadAllText($"{bench.Source}/one"));
            bench.Copy("other/one", "dir/bound");
            Assert.Equal("other", File.ReadAllText($"{bench.Source}/one"));
        }
        finally
        {
            Tool.Run("umount", $"{bench.Target}/dir/bound");
        }
    }

    [Fact]
    public void The_places_of_mounts_that_are_not_there_now_stay()
    {
        Fill();
        using CopyTree from = CopyBench.Open(bench.Source), to = CopyBench.Open(bench.Target) with { Destinations = ["/dir/two", "/dir/deep/a/one", "/none"] };
        foreach (string name in new[] { "two", "deep" })
        {
            using CopyTarget target = CopyTarget.Open(to, "/dir");
            using CopySource source = CopySource.Open(from, name, followLink: false);
            using var copier = new TreeCopier(Overwriting);
            Assert.Contains("the container's mounts", Assert.Throws<ContainerException>(() => copier.Copy(source, target)).Message, StringComparison.Ordinal);
        }
        Assert.Throws<ContainerException>(() => new TarExtraction(to, "/dir", Overwriting).Read(new MemoryStream(ArchiveOf("two/in"))));
        Assert.Equal("old", File.ReadAllText($"{bench.Target}/dir/two"));
        Assert.Equal("old", File.ReadAllText($"{bench.Target}/dir/deep/a/one/kept"));
    }

    [Fact]
    public void A_directory_that_has_in_it_what_is_copied_stays()
    {
        Fill();
        using CopyTree tree = CopyBench.Open(bench.Source);
        CopyBench.Write(bench.Source, "tree/in/from/in", "new");
        CopyBench.Write(bench.Source, "tree/in/from/other", "new");
        using CopyTarget target = CopyTarget.Open(tree, "tree");
        using CopySource source = CopySource.Open(tree, "tree/in/from/.", followLink: false);
        using var copier = new TreeCopier(Overwriting);
        Assert.Contains("lies in the directory", Assert.Throws<ContainerException>(() => copier.Copy(source, target)).Message, StringComparison.Ordinal);
        Assert.True(File.Exists($"{bench.Source}/tree/in/from/other"));
    }

    [Fact]
    public void What_is_protected_by_flags_is_not_replaced()
    {
        Fill();
        string kept = $"{bench.Target}/dir/one/sub/kept";
        Tool.Run("chattr", "+i", kept);
        try
        {
            Assert.Contains("cannot be removed whole", Assert.Throws<ContainerException>(() => bench.Copy("one", "dir", Overwriting)).Message, StringComparison.Ordinal);
            Assert.True(File.Exists(kept));
        }
        finally
        {
            Tool.Run("chattr", "-i", kept);
        }
    }

    private static byte[] ArchiveOf(params string[] files)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (string file in files)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, file) { DataStream = new MemoryStream("new"u8.ToArray()) });
        }
        return bytes.ToArray();
    }

    private void Fill()
    {
        foreach (string file in new[] { "one", "two/in", "deep/a/one" })
            CopyBench.Write(bench.Source, file, "new");
        File.CreateSymbolicLink($"{bench.Source}/link", "nowhere");
        foreach (string file in new[] { "one/sub/kept", "two", "deep/a/one/kept", "deep/beside", "link/kept" })
            CopyBench.Write(bench.Target, $"dir/{file}", "old");
    }
}
