using System.Formats.Tar;
using CliWrap;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>A copy replaces a directory by a file, and a file by a directory, where that is asked for, on every runtime.</summary>
public sealed class CopyOverwriteSpecs : IDisposable
{
    private const string Idle = "mkdir -p /root/d/sub; echo old > /root/d/sub/kept; echo old > /root/f; ln -s /etc /root/d/link; echo ready; exec sleep 1000";
    private const string Tell = "cat /root/d /root/f/in";

    private readonly string directory = Directory.CreateTempSubdirectory("podspawn-oci-").FullName;

    public CopyOverwriteSpecs()
    {
        foreach (string path in new[] { "from/f", "back/d", "secret" })
            Directory.CreateDirectory($"{directory}/{path}");
        File.WriteAllText($"{directory}/from/d", "new");
        File.WriteAllText($"{directory}/from/f/in", "new");
        File.WriteAllText($"{directory}/secret/secret", "secret");
        File.WriteAllText($"{directory}/back/f", "old");
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Files_and_directories_replace_each_other_in_a_container_and_on_the_host(string runtime)
    {
        await using Detached running = await Detached.RunShell(runtime, [], Idle);
        await running.UntilWritten("ready");
        await using Detached stopped = await Detached.Create(runtime, [], "sh", "-c", Tell);
        // From the host, and back to it.
        foreach (string name in new[] { "d", "f" })
        {
            AssertInTheWay(await running.Call("cp", $"{directory}/from/{name}", "{}:/root"), $"/root/{name}");
            (await running.Call("cp", "--overwrite", $"{directory}/from/{name}", "{}:/root")).Succeeded();
            AssertInTheWay(await running.Call("cp", $"{{}}:/root/{name}", $"{directory}/back"), $"/{name}");
            (await running.Call("cp", "--overwrite", $"{{}}:/root/{name}", $"{directory}/back")).Succeeded();
        }
        Assert.Equal("new", File.ReadAllText($"{directory}/back/d"));
        Assert.Equal("new", File.ReadAllText($"{directory}/back/f/in"));
        // From the one container to the other, over what was its own.
        Directory.CreateDirectory($"{directory}/old/d/sub");
        File.WriteAllText($"{directory}/old/f", "old");
        foreach (string name in new[] { "d", "f" })
        {
            (await stopped.Call("cp", $"{directory}/old/{name}", "{}:/root")).Succeeded();
            AssertInTheWay(await PodspawnOci.Call(["cp", $"{running.Name}:/root/{name}", $"{stopped.Name}:/root"]), $"/root/{name}");
            (await PodspawnOci.Call(["cp", "--overwrite", $"{running.Name}:/root/{name}", $"{stopped.Name}:/root"])).Succeeded();
        }
        Assert.Equal("newnew", (await PodspawnOci.Call(["start", "--attach", stopped.Name])).Succeeded().Text);
        // gVisor remembers what it has seen; the others see it at once.
        if (runtime != "runsc")
            Assert.Equal("newnew", (await running.Exec([], "sh", "-c", Tell)).Succeeded().Text);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Archives_do_too(string runtime)
    {
        await using Detached container = await Detached.Create(runtime, [], "sh", "-c", Tell);
        Directory.CreateDirectory($"{directory}/old/d");
        File.WriteAllText($"{directory}/old/f", "old");
        (await container.Call("cp", $"{directory}/old/.", "{}:/root")).Succeeded();
        using var archive = new MemoryStream();
        await TarFile.CreateFromDirectoryAsync($"{directory}/from", archive, includeBaseDirectory: false);
        Outcome refused = await PodspawnOci.Call(["cp", "-", $"{container.Name}:/root"], PipeSource.FromBytes(archive.ToArray()));
        Assert.Equal(125, refused.Status);
        Assert.Contains("file exists", refused.Error, StringComparison.Ordinal);
        (await PodspawnOci.Call(["cp", "--overwrite", "-", $"{container.Name}:/root"], PipeSource.FromBytes(archive.ToArray()))).Succeeded();
        Assert.Equal("newnew", (await PodspawnOci.Call(["start", "--attach", container.Name])).Succeeded().Text);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Links_that_a_container_puts_in_the_way_lead_nowhere(string runtime)
    {
        await using Detached container = await Detached.RunShell(
            runtime, [], $"ln -s {directory}/secret /root/f; mkdir -p /root/d/deep; ln -s {directory}/secret /root/d/deep/out; ln -s ../../../../{directory}/secret/secret /root/d/up; " +
                "echo ready; exec sleep 1000");
        await container.UntilWritten("ready");
        foreach (string name in new[] { "d", "f" })
            (await container.Call("cp", "--overwrite", $"{directory}/from/{name}", "{}:/root")).Succeeded();
        await container.Kill();
        (await container.Call("cp", "{}:/root/.", $"{directory}/seen")).Succeeded();
        Assert.Equal("new", File.ReadAllText($"{directory}/seen/d"));
        Assert.Equal("new", File.ReadAllText($"{directory}/seen/f/in"));
        AssertUntouched();
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_is_mounted_in_a_container_stays_whether_it_runs_or_not(string runtime)
    {
        File.WriteAllText($"{directory}/bound", "bound");
        await using Detached container = await Detached.RunShell(
            runtime, ["-v", $"{directory}/secret:/root/d/vol", "-v", $"{directory}/bound:/root/f"], "echo ready; exec sleep 1000");
        await container.UntilWritten("ready");
        foreach (bool isStopped in new[] { false, true })
        {
            if (isStopped)
                await container.Kill();
            foreach (string name in new[] { "d", "f" })
            {
                Outcome refused = await container.Call("cp", "--overwrite", $"{directory}/from/{name}", "{}:/root");
                Assert.Equal(125, refused.Status);
                Assert.Contains("mount", refused.Error, StringComparison.Ordinal);
            }
            Assert.Equal(125, (await container.Call("cp", "--overwrite", $"{directory}/from/d", "{}:/root/d/../../root")).Status);
            AssertUntouched();
        }
        Assert.Equal("bound", File.ReadAllText($"{directory}/bound"));
        // Nothing is missing for its next start.
        (await container.Call("start", "{}")).Succeeded();
        Assert.Equal("boundsecret", (await container.Exec([], "cat", "/root/f", "/root/d/vol/secret")).Succeeded().Text);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_file_that_is_mounted_in_a_container_is_written_to_and_stays_mounted(string runtime)
    {
        File.WriteAllText($"{directory}/bound", "old");
        File.WriteAllText($"{directory}/ro", "old");
        await using Detached container = await Detached.RunShell(
            runtime, ["-v", $"{directory}/bound:/root/d", "-v", $"{directory}/ro:/root/ro:ro"], "echo ready; exec sleep 1000");
        await container.UntilWritten("ready");
        (await container.Call("cp", $"{directory}/from/d", "{}:/root/d")).Succeeded();
        Assert.Equal("new", File.ReadAllText($"{directory}/bound"));
        Assert.Equal("new", (await container.Exec([], "cat", "/root/d")).Succeeded().Text);
        Assert.Contains(" /root/d ", (await container.Exec([], "cat", "/proc/self/mountinfo")).Succeeded().Text, StringComparison.Ordinal);
        Outcome refused = await container.Call("cp", $"{directory}/from/d", "{}:/root/ro");
        Assert.Equal(125, refused.Status);
        Assert.Contains("read-only", refused.Error, StringComparison.Ordinal);
        Assert.Equal("old", (await container.Exec([], "cat", "/root/ro")).Succeeded().Text);
    }

    private static void AssertInTheWay(Outcome refused, string path)
    {
        Assert.Equal(125, refused.Status);
        Assert.Matches($".* error creating \"{path}\": .*: file exists; .*--overwrite", refused.Error);
    }

    private void AssertUntouched()
    {
        Assert.Equal([$"{directory}/secret/secret"], Directory.GetFileSystemEntries($"{directory}/secret"));
        Assert.Equal("secret", File.ReadAllText($"{directory}/secret/secret"));
    }
}
