using Podspawn.Oci.Native;

namespace Podspawn.Oci.Tests.Native;

/// <summary>Files that a user names, in directories that another user may write to: no link of that user's redirects our writes.</summary>
public sealed class OutputFileSpecs : IDisposable
{
    private const uint Stranger = 4711;
    private const UnixFileMode Everybody = (UnixFileMode)0x1A4;

    private readonly TemporaryDirectory directory = new();

    public OutputFileSpecs()
    {
        directory.Write("mine/secret", "secret");
        directory.Make("theirs");
        HostFiles.Own(Theirs, Stranger, Stranger);
    }

    private string Mine => $"{directory.Path}/mine";

    private string Theirs => $"{directory.Path}/theirs";

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_link_of_another_users_is_not_followed_to_a_file()
    {
        Plant("report", $"{Mine}/secret");
        Assert.Throws<UnfitFileException>(() => OutputFile.Require($"{Theirs}/report"));
        Assert.Contains("'report', a symbolic link of another user's (uid 4711)", Assert.Throws<UnfitFileException>(() => OutputFile.Write($"{Theirs}/report", "new"u8)).Message,
            StringComparison.Ordinal);
        AssertUntouched();
    }

    [Theory]
    [InlineData("directory/secret")]
    [InlineData("directory/new")]
    [InlineData("directory/../mine/new")]
    [InlineData("directory/")]
    public void A_link_of_another_users_on_the_way_is_not_followed(string path)
    {
        Plant("directory", Mine);
        foreach (Action write in new Action[] { () => OutputFile.Write($"{Theirs}/{path}", "new"u8), () => PendingFile.WriteForUser($"{Theirs}/{path}", "new"u8) })
            Assert.Contains("another user's", Assert.Throws<UnfitFileException>(write).Message, StringComparison.Ordinal);
        AssertUntouched();
    }

    [Fact]
    public void A_dangling_link_of_another_users_makes_no_file_where_it_leads()
    {
        Plant("report", $"{Mine}/made");
        Assert.Throws<UnfitFileException>(() => OutputFile.Write($"{Theirs}/report", "new"u8));
        AssertUntouched();
    }

    [Fact]
    public void A_link_at_the_name_of_a_file_that_is_brought_there_is_replaced()
    {
        Plant("unit", $"{Mine}/secret");
        PendingFile.WriteForUser($"{Theirs}/unit", "new"u8, Everybody);
        Assert.Null(new FileInfo($"{Theirs}/unit").LinkTarget);
        Assert.Equal("new", File.ReadAllText($"{Theirs}/unit"));
        Assert.Equal(Everybody, File.GetUnixFileMode($"{Theirs}/unit"));
        AssertUntouched();
    }

    [Fact]
    public void A_file_that_another_user_holds_open_is_replaced_and_not_written_to()
    {
        string report = $"{Theirs}/report";
        File.WriteAllText(report, "");
        HostFiles.Own(report, Stranger, Stranger);
        using FileStream held = File.OpenRead(report);
        OutputFile.Write(report, "private"u8);
        Assert.Equal(0, held.Length);
        Assert.Equal("private", File.ReadAllText(report));
    }

    [Fact]
    public void A_FIFO_of_another_users_gets_nothing()
    {
        HostFiles.Own(HostFiles.Fifo($"{Theirs}/fifo"), Stranger, Stranger);
        Assert.Contains("another user's FIFO", Assert.Throws<UnfitFileException>(() => OutputFile.Write($"{Theirs}/fifo", "new"u8)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_users_own_links_are_followed_and_devices_are_written_to()
    {
        directory.Link("mine/link", "target");
        directory.Link("way", "mine");
        OutputFile.Write($"{directory.Path}/way/link", "new"u8);
        Assert.Equal("new", File.ReadAllText($"{Mine}/target"));
        Assert.Equal("target", new FileInfo($"{Mine}/link").LinkTarget);
        OutputFile.Write("/dev/null", "new"u8);
        Assert.Equal(FileAttributes.None, File.GetAttributes("/dev/null") & FileAttributes.ReparsePoint);
        Assert.True(FileKind.FactsOf("/dev/null") is { Type: FileKind.CharacterDevice });
    }

    [Fact]
    public void A_link_that_is_swapped_in_all_the_time_leads_nowhere()
    {
        Directory.CreateDirectory($"{Theirs}/d");
        Plant("l", Mine);
        using var stop = new CancellationTokenSource();
        var swapper = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                HostFiles.Rename($"{Theirs}/d", $"{Theirs}/x");
                HostFiles.Rename($"{Theirs}/l", $"{Theirs}/d");
                HostFiles.Rename($"{Theirs}/d", $"{Theirs}/l");
                HostFiles.Rename($"{Theirs}/x", $"{Theirs}/d");
            }
        });
        swapper.Start();
        int written = 0;
        foreach (int _ in RaceTries.Of(3000, () => written > 10))
        {
            try
            {
                OutputFile.Write($"{Theirs}/d/new", "new"u8);
                written++;
            }
            catch (IOException)
            {
            }
        }
        stop.Cancel();
        swapper.Join();
        Assert.True(written > 10, $"{written} files");
        AssertUntouched();
    }

    [Theory]
    [InlineData("none/file")]
    [InlineData("mine/secret/file")]
    public void A_path_through_what_is_no_directory_is_told_of(string path) =>
        Assert.Throws<UnfitFileException>(() => OutputFile.Write($"{directory.Path}/{path}", "new"u8));

    private void Plant(string name, string target)
    {
        File.CreateSymbolicLink($"{Theirs}/{name}", target);
        HostFiles.Own($"{Theirs}/{name}", Stranger, Stranger);
    }

    private void AssertUntouched()
    {
        Assert.Equal([$"{Mine}/secret"], Directory.GetFileSystemEntries(Mine));
        Assert.Equal("secret", File.ReadAllText($"{Mine}/secret"));
    }
}
