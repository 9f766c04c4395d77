using Podspawn.Oci.Native;

namespace Podspawn.Oci.Tests.Native;

public sealed class TrustedPathSpecs : IDisposable
{
    private const uint Other = 1000;

    // Below /tmp nothing is root's alone.
    private readonly string directory = $"/run/podspawn-oci-test-{Guid.NewGuid():N}";

    public TrustedPathSpecs()
    {
        Make(directory);
        Make($"{directory}/ours");
        Make($"{directory}/theirs");
        Put($"{directory}/ours/program");
        File.CreateSymbolicLink($"{directory}/theirs/link", $"{directory}/ours/program");
        Own($"{directory}/theirs");
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void What_root_alone_can_change_is_trusted() => Assert.Null(TrustedPath.Culprit($"{directory}/ours/program"));

    [Theory]
    [InlineData("link", "@/ours/program")]
    [InlineData("link", "ours/program")]
    [InlineData("link", "./ours/../ours//program")]
    [InlineData("ours/link", "../ours/program")]
    public void So_is_a_link_to_it_by_way_of_roots_directories(string link, string target)
    {
        File.CreateSymbolicLink($"{directory}/{link}", Below(target));
        Assert.Null(TrustedPath.Culprit($"{directory}/{link}"));
    }

    // A user who may change a directory on the way, or a link's directory, chooses what is run.
    [Theory]
    [InlineData("@/theirs/link")]
    [InlineData("theirs/link")]
    [InlineData("ours/../theirs/link")]
    [InlineData("@/theirs/../ours/program")]
    [InlineData("theirs/../ours/program")]
    public void A_link_by_way_of_anothers_directory_is_not(string target)
    {
        File.CreateSymbolicLink($"{directory}/first", Below(target));
        File.CreateSymbolicLink($"{directory}/second", "first");
        Assert.Equal($"{directory}/theirs", TrustedPath.Culprit($"{directory}/first"));
        Assert.Equal($"{directory}/theirs", TrustedPath.Culprit($"{directory}/second"));
    }

    [Fact]
    public void Nor_is_a_directory_that_is_a_link_into_anothers()
    {
        File.CreateSymbolicLink($"{directory}/theirs/deep", $"{directory}/ours");
        File.CreateSymbolicLink($"{directory}/bin", "theirs/deep");
        Assert.Equal($"{directory}/theirs", TrustedPath.Culprit($"{directory}/bin/program"));
    }

    [Theory]
    [InlineData(0x1FF)] // 0777
    [InlineData(0x1FD)] // 0775
    [InlineData(0x3FF)] // 01777
    public void Nor_is_what_lies_where_others_may_write(int mode)
    {
        File.SetUnixFileMode($"{directory}/ours", (UnixFileMode)mode);
        Assert.Equal($"{directory}/ours", TrustedPath.Culprit($"{directory}/ours/program"));
    }

    [Fact]
    public void Nor_is_a_program_that_others_may_write_or_own()
    {
        File.SetUnixFileMode($"{directory}/ours/program", (UnixFileMode)0x1FF);
        Assert.Equal($"{directory}/ours/program", TrustedPath.Culprit($"{directory}/ours/program"));
        File.SetUnixFileMode($"{directory}/ours/program", (UnixFileMode)0x1ED);
        Own($"{directory}/ours/program");
        Assert.Equal($"{directory}/ours/program", TrustedPath.Culprit($"{directory}/ours/program"));
    }

    [Fact]
    public void Links_without_an_end_and_what_is_not_there_are_not()
    {
        File.CreateSymbolicLink($"{directory}/a", "b");
        File.CreateSymbolicLink($"{directory}/b", "a");
        Assert.NotNull(TrustedPath.Culprit($"{directory}/a"));
        Assert.Equal($"{directory}/none", TrustedPath.Culprit($"{directory}/none/program"));
    }

    private string Below(string target) => target.Replace("@", directory, StringComparison.Ordinal);

    private static void Make(string path) => Directory.CreateDirectory(path, (UnixFileMode)0x1ED);

    private static void Put(string path)
    {
        File.WriteAllText(path, "");
        File.SetUnixFileMode(path, (UnixFileMode)0x1ED);
    }

    private static void Own(string path) => Assert.Equal(0, PathCalls.Chown(path, Other, Other));
}
