using Podspawn.Oci.Runtimes;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Tests.Runtimes;

/// <summary>A runtime with the user's additional flags.</summary>
public sealed class RuntimeDriverSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("runc")]
    [InlineData("crun")]
    [InlineData("runsc")]
    public void Flags_are_those_of_the_copy_alone(string name)
    {
        RuntimeDriver plain = RuntimeDriver.For($"/usr/bin/{name}", new RuntimeVersion(name, "1"));
        RuntimeDriver flagged = plain.With(["debug", "--trace"]);
        Assert.Empty(plain.OwnFlags);
        Assert.Equal(["--debug", "--trace"], flagged.OwnFlags);
        Assert.Equal((plain.Program, plain.Version, plain.Traits), (flagged.Program, flagged.Version, flagged.Traits));
        Assert.Equal(["--x"], flagged.With(["x"]).OwnFlags);
    }

    [Fact]
    public void A_runtime_is_called_again_as_its_container_s_record_says()
    {
        var paths = new ContainerPaths("a", directory.Path, $"{directory.Path}/scratch");
        Assert.Null(RecordedRuntime.Read(paths));
        RuntimeDriver driver = RuntimeDriver.For("/usr/bin/crun", new RuntimeVersion("crun", "1.8.1")).With(["debug"]);
        RecordJson.Write(paths.Definition, new ContainerDefinition
        {
            Id = "a", Name = "a", Created = DateTimeOffset.UtcNow, RootDirectory = "/r", Command = ["sh"], HostName = "a", Runtime = RecordedRuntime.Of(driver),
        });
        RuntimeDriver read = RecordedRuntime.Read(paths)!;
        Assert.Equal((driver.Program, driver.Version, driver.Traits), (read.Program, read.Version, read.Traits));
        Assert.Equal(driver.OwnFlags, read.OwnFlags);
        File.WriteAllText(paths.Definition, "{\"version\":1,");
        Assert.Null(RecordedRuntime.Read(paths));
    }
}
