using CliWrap;

namespace Podspawn.Oci.RuntimeTests.Launching;

/// <summary>Descriptors that a caller means for a command: those and no others, at their own numbers.</summary>
public sealed class PreservedDescriptorSpecs
{
    private const string Listing = "ls -l /proc/self/fd | sed -n 's/.* \\([0-9]*\\) -> .*/\\1/p' | tr '\\n' ' '; cat <&3; cat <&4";

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_command_has_those_that_it_is_given(string runtime)
    {
        using var place = new TemporaryDirectory();
        Outcome told = await Shell(place, $"run --runtime {runtime} --rootfs {Repository.Busybox} --preserve-fds 2 -- sh -c \"$script\"");
        Assert.Equal("0 1 2 3 4 one\ntwo\n", told.Succeeded().Text);
        Outcome elsewhere = await Shell(place, $"run --runtime {runtime} --rootfs {Repository.Busybox} -w /tmp --preserve-fds=2 --user 1:1 -- sh -c \"pwd; $script\"");
        Assert.Equal("/tmp\n0 1 2 3 4 one\ntwo\n", elsewhere.Succeeded().Text);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task So_has_one_that_exec_brings_in_whatever_its_directory(string runtime)
    {
        using var place = new TemporaryDirectory();
        await using Detached kept = await Detached.Run(runtime, [], "sleep", "600");
        foreach (string directory in new[] { "/", "/tmp" })
        {
            Outcome told = await Shell(place, $"exec --preserve-fds 2 -w {directory} {kept.Name} sh -c \"pwd; $script\"");
            Assert.Equal($"{directory}\n0 1 2 3 4 one\ntwo\n", told.Succeeded().Text);
        }
        Assert.Contains("detach", (await Shell(place, $"exec -d --preserve-fds 2 {kept.Name} true")).EndedWith(125).Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_is_not_open_or_leads_further_is_refused(string runtime)
    {
        using var place = new TemporaryDirectory();
        string run = $"run --runtime {runtime} --rootfs {Repository.Busybox}";
        if (runtime == "runsc")
        {
            Assert.Contains("gvisor gives no descriptor", (await Shell(place, $"{run} --preserve-fds 2 true")).EndedWith(125).Error, StringComparison.Ordinal);
            await using Detached kept = await Detached.Run(runtime, [], "sleep", "600");
            Assert.Contains("gvisor gives no descriptor", (await Shell(place, $"exec --preserve-fds 2 {kept.Name} true")).EndedWith(125).Error, StringComparison.Ordinal);
            return;
        }
        Assert.Contains("descriptor 5 is not open", (await Shell(place, $"{run} --preserve-fds 3 true")).EndedWith(125).Error, StringComparison.Ordinal);
        Assert.Contains("descriptor 5 is a directory", (await Shell(place, $"{run} --preserve-fds 3 true 5</")).EndedWith(125).Error, StringComparison.Ordinal);
        Assert.Contains("--preserve-fds: -1", (await Shell(place, $"{run} --preserve-fds=-1 true")).EndedWith(125).Error, StringComparison.Ordinal);
        Assert.Contains("foreground", (await Shell(place, $"{run} -d --preserve-fds 1 true")).EndedWith(125).Error, StringComparison.Ordinal);
        Assert.Contains("foreground", (await Shell(place, $"{run} --rm=false --preserve-fds 1 true")).EndedWith(125).Error, StringComparison.Ordinal);
    }

    private static Task<Outcome> Shell(TemporaryDirectory place, string call)
    {
        string one = place.Write("one", "one\n"), two = place.Write("two", "two\n"), other = place.Write("other", "other\n");
        return Outcome.Of(Cli.Wrap("sh").WithArguments(["-c", $"exec 3<{one} 4<{two} 8<{other}; exec {Repository.Command} {call}"])
            .WithEnvironmentVariables(variables => variables.Set("script", Listing)));
    }
}
