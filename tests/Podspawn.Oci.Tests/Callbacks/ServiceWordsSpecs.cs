using Podspawn.Oci.Cli.Callbacks;

namespace Podspawn.Oci.Tests.Callbacks;

/// <summary>What a service manager does itself is removed from the command line that created a container.</summary>
public sealed class ServiceWordsSpecs
{
    private static readonly HashSet<string> WithValue =
        ["--name", "--rootfs", "--restart", "--pid-file", "--env", "-e", "--volume", "-v", "--memory", "-m", "--label", "-l", "--workdir", "-w"];

    [Theory]
    [InlineData("run -d --name old --rootfs d sleep 9", "run --name web --rootfs d sleep 9")]
    [InlineData("create --rootfs d -- sleep 9", "run --name web --rootfs d -- sleep 9")]
    [InlineData("run --detach --restart=always --rootfs=d x", "run --name web --rootfs=d x")]
    [InlineData("run --rm --pid-file /p --restart on-failure:3 --rootfs d x", "run --name web --rootfs d x")]
    [InlineData("run -dit --rootfs d sh", "run --name web -t --rootfs d sh")]
    [InlineData("run -dem=1 debian", "run --name web -em=1 debian")]
    [InlineData("run -dm 64m debian", "run --name web -m 64m debian")]
    [InlineData("run -dm64m debian", "run --name web -m64m debian")]
    [InlineData("run -d debian run -d --name x --rm", "run --name web debian run -d --name x --rm")]
    [InlineData("run -d -- -d", "run --name web -- -d")]
    [InlineData("run --name=a --name b -d debian", "run --name web debian")]
    [InlineData("run -d --rootfs d -v a:/b:ro -v=c:/d -m=64m x", "run --name web --rootfs d -v a:/b:ro -v=c:/d -m=64m x")]
    [InlineData("run -d", "run --name web")]
    public void The_rest_stays(string words, string expected) => Assert.Equal(expected, string.Join(' ', Of(words.Split(' '))));

    [Theory]
    [InlineData("--env TOKEN", "--env=TOKEN=s p")]
    [InlineData("--env=TOKEN", "--env=TOKEN=s p")]
    [InlineData("-e TOKEN", "--env=TOKEN=s p")]
    [InlineData("-eTOKEN", "--env=TOKEN=s p")]
    [InlineData("-deTOKEN", "--env=TOKEN=s p")]
    [InlineData("-e TOKEN=x", "-e TOKEN=x")]
    [InlineData("-e UNSET", "")]
    public void A_variable_of_the_callers_gets_the_value_that_it_had(string flag, string expected) =>
        Assert.Equal($"run --name web {expected} debian".Replace("  ", " ", StringComparison.Ordinal), string.Join(' ', Of([.. "run".Split(' '), .. flag.Split(' '), "debian"])));

    [Fact]
    public void Words_of_the_command_are_never_touched()
    {
        string[] command = ["debian", "sh", "-c", "echo $HOME; exit", "--rm", "", "-"];
        Assert.Equal(command, Of(["run", "-d", .. command]).Skip(3));
    }

    private static IReadOnlyList<string> Of(string[] words) => ServiceWords.Of(words, "web", ["PATH=/bin", "TOKEN=s p", "TOKENS=no"], WithValue.Contains);
}
