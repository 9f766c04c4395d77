using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Tests.Lifecycle;

/// <summary>A file of the user's own for a log: nobody but root may change where it leads.</summary>
public sealed class LogPlaceSpecs
{
    [Fact]
    public void A_file_that_is_there_and_one_that_is_not_there_yet_can_be_had()
    {
        using var place = new TemporaryDirectory();
        LogPlace.Require(LogTarget.Usual);
        LogPlace.Require(Of($"{place.Path}/new.log"));
        LogPlace.Require(Of(place.Write("old.log", "said before\n")));
        Assert.False(File.Exists($"{place.Path}/new.log"));
    }

    [Fact]
    public void A_way_that_others_may_change_is_refused()
    {
        using var place = new TemporaryDirectory();
        string file = place.Write("some/file.log", "");
        place.Link("link.log", file);
        place.Link("way", $"{place.Path}/some");
        File.CreateSymbolicLink($"{place.Path}/dangling.log", "/etc/none");
        Assert.Contains("leads over the symbolic link", Refused($"{place.Path}/link.log"), StringComparison.Ordinal);
        Assert.Contains("leads over the symbolic link", Refused($"{place.Path}/way/file.log"), StringComparison.Ordinal);
        Assert.Contains("leads over the symbolic link", Refused($"{place.Path}/dangling.log"), StringComparison.Ordinal);
        Assert.Contains("is a directory", Refused($"{place.Path}/some"), StringComparison.Ordinal);
        Assert.Contains("is a device", Refused("/dev/null"), StringComparison.Ordinal);
        Assert.Contains("is a file", Refused($"{file}/x"), StringComparison.Ordinal);
        Assert.Contains("cannot be reached", Refused($"{place.Path}/none/x"), StringComparison.Ordinal);
        Assert.Contains("others may write to /tmp", Refused("/tmp/x.log"), StringComparison.Ordinal);
        Assert.Contains("':'", Refused($"{place.Path}/a:b"), StringComparison.Ordinal);
        Assert.Contains("control character", Refused($"{place.Path}/a\nb"), StringComparison.Ordinal);
        File.SetUnixFileMode(file, (UnixFileMode)0x1B6);
        Assert.Contains("others may write to", Refused(file), StringComparison.Ordinal);
        File.SetUnixFileMode($"{place.Path}/some", (UnixFileMode)0x3FF);
        Assert.Contains("others may write to", Refused($"{place.Path}/some/new.log"), StringComparison.Ordinal);
    }

    private static LogTarget Of(string path) => new() { Path = path };

    private static string Refused(string path) => Assert.Throws<ContainerException>(() => LogPlace.Require(Of(path))).Message;
}
