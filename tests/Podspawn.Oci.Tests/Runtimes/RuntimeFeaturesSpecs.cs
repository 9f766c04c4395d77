using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Host;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.Tests.Runtimes;

/// <summary>The answers of runtimes to <c>features</c>, recorded from an old, a middle and a new release.</summary>
public sealed class RuntimeFeaturesSpecs : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("runc", "1.1.5", true)]
    [InlineData("runc", "1.3.6", true)]
    [InlineData("runc", "1.5.1", true)]
    [InlineData("crun", "1.21", true)]
    [InlineData("crun", "1.29.1", true)]
    [InlineData("runsc", "20260817.0-70", false)]
    public void A_recorded_answer_is_read(string runtime, string version, bool recursive)
    {
        RuntimeFeatures features = RuntimeFeatures.Parse(Recorded(runtime, version))!;
        Assert.Equal(CapabilitySet.UpTo(40), features.Capabilities);
        Assert.Equal(recursive, features.KnowsMountOption("rro"));
        Assert.True(features.KnowsMountOption("nosuid"));
        Assert.False(features.KnowsMountOption("nosui"));
        Assert.Equal(runtime == "runsc", features.HeedsAnnotation("dev.gvisor.flag.allow-suid"));
        Assert.Equal(features, RuntimeFeatures.FromLine(features.ToLine()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Usage: runsc <flags> <subcommand>")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"linux\":[]}")]
    [InlineData("{\"linux\":{\"capabilities\":\"all\"}}")]
    [InlineData("{\"linux\":{\"capabilities\":[]}}")]
    [InlineData("{\"linux\":{\"capabilities\":[1,null,\"CAP_NOPE\"]}}")]
    public void An_answer_that_makes_no_sense_is_none(string answer) => Assert.Null(RuntimeFeatures.Parse(answer));

    [Fact]
    public void What_could_not_be_a_name_is_left_out()
    {
        RuntimeFeatures features = RuntimeFeatures.Parse("""{"linux":{"capabilities":["CAP_CHOWN"]},"mountOptions":["ro","a b","c\nd","",7],"annotations":{"x\ty":"","z":""}}""")!;
        Assert.Equal((" ro ", " z "), (features.MountOptions, features.Annotations));
    }

    [Fact]
    public void Its_own_word_counts_and_not_its_releases()
    {
        var features = new RuntimeFeatures(CapabilitySet.UpTo(20), " ro ", "  ");
        RuntimeTraits told = RuntimeDriver.For("/usr/bin/crun", new RuntimeVersion("crun", "1.29.1") { Features = features }).Traits;
        Assert.Equal((CapabilitySet.UpTo(20), false), (told.KnownCapabilities, told.RecursiveReadonlyMounts));
        Assert.True(TestFacts.TraitsOf("crun", "1.29.1").RecursiveReadonlyMounts);
    }

    [Fact]
    public void It_is_asked_once()
    {
        string program = StandIn("crun version 1.29.1", $"cat {Path("crun", "1.29.1")}");
        RuntimeVersion first = RuntimeVersion.Of(program, directory.Path), second = RuntimeVersion.Of(program, directory.Path);
        Assert.Equal(CapabilitySet.UpTo(40), first.Features!.Capabilities);
        Assert.Equal(first, second);
        Assert.Equal(["--version", "features"], Asked());
    }

    [Fact]
    public void A_release_without_the_verb_is_not_asked()
    {
        string program = StandIn("crun version 1.8.1", "exit 1");
        Assert.Null(RuntimeVersion.Of(program, directory.Path).Features);
        Assert.Equal(["--version"], Asked());
    }

    [Theory]
    [InlineData("exit 1")]
    [InlineData("echo broken")]
    [InlineData("kill -9 $$")]
    public void A_broken_answer_leaves_the_releases_traits(string answer)
    {
        string program = StandIn("crun version 1.29.1", answer);
        RuntimeVersion version = RuntimeVersion.Of(program, directory.Path);
        Assert.Null(version.Features);
        Assert.Equal(version, RuntimeVersion.Of(program, directory.Path));
        Assert.Equal(["--version", "features"], Asked());
        Assert.Equal(TestFacts.TraitsOf("crun", "1.29.1"), RuntimeDriver.For(program, version).Traits);
    }

    [Theory]
    [InlineData("{0}\ncrun\n1.8.1\n")]
    [InlineData("1\n{0}\ncrun\n1.8.1\n\n")]
    [InlineData("")]
    [InlineData("2\nof another file\ncrun\n1.8.1\n\n")]
    public void A_cache_file_of_another_form_is_asked_anew(string form)
    {
        string program = StandIn("crun version 1.29.1", $"cat {Path("crun", "1.29.1")}");
        _ = RuntimeVersion.Of(program, directory.Path);
        string cache = Directory.GetFiles(directory.Path, "*.version").Single();
        string stamp = File.ReadAllLines(cache)[1];
        File.WriteAllText(cache, form.Replace("{0}", stamp, StringComparison.Ordinal));
        Assert.Equal("1.29.1", RuntimeVersion.Of(program, directory.Path).Version);
        Assert.Equal(["--version", "features", "--version", "features"], Asked());
    }

    private string StandIn(string version, string features) => directory.Write(
        "runtime", $"#!/bin/sh\necho \"$1\" >> {directory.Path}/asked\ncase $1 in --version) echo {version}; echo 'spec: 1.0.0';; features) {features};; esac\n", Executable);

    private string[] Asked() => File.ReadAllLines($"{directory.Path}/asked");

    private static string Recorded(string runtime, string version) => File.ReadAllText(Path(runtime, version));

    private static string Path(string runtime, string version) => System.IO.Path.Combine(AppContext.BaseDirectory, "Runtimes", "Data", $"{runtime}-{version}.json");
}
