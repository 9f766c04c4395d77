namespace Podspawn.Oci.RuntimeTests.Networks;

/// <summary>Whatever is killed, and wherever: the next command finds a network that works, or nothing.</summary>
public class NetworkFaultSpecs
{
    private static readonly Dictionary<string, string[]> Verbs = new()
    {
        ["run"] = ["run", "--runtime", "crun", "--rootfs", Repository.Busybox, "--name", "x", "--network", "one", "-p", "8000:80", "true"],
        ["detached"] = ["run", "--detach", "--runtime", "runc", "--rootfs", Repository.Busybox, "--name", "x", "--network", "one", "-p", "8000:80", "sleep", "600"],
        ["fenced"] =
            ["run", "--detach", "--runtime", "crun", "--rootfs", Repository.Busybox, "--name", "x", "--network", "one", "--egress-allow", "example.org:80", "sleep", "600"],
        ["rm"] = ["rm", "--force", "x"],
        ["create"] = ["network", "create", "other"],
        ["remove"] = ["network", "rm", "other"],
    };

    public static TheoryData<string> Names => [.. Verbs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Whatever_step_a_command_is_killed_after_nothing_is_left_and_the_network_works(string verb)
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Create("one", "--subnet", "10.7.1.0/24");
        await host.Serve("crun", "witness", "--network", "one", "--ip", "10.7.1.9");
        string[] before = await host.Left(chains: false);
        string journal = Path.GetTempFileName();
        try
        {
            await Prepare(host, verb);
            (await host.CallFaulty(("PODSPAWN_OCI_FAULT_JOURNAL", journal), Verbs[verb])).Succeeded();
            string[] passed = [.. (await File.ReadAllLinesAsync(journal)).Where(place => place.Split('.')[0] is "network" or "egress").Distinct()];
            Assert.NotEmpty(passed);
            await CleanUp(host);
            foreach (string place in passed)
            {
                await Prepare(host, verb);
                Assert.Equal(137, (await host.CallFaulty(("PODSPAWN_OCI_FAULT", place), Verbs[verb])).Status);
                (await host.Call("gc")).Succeeded();
                await CleanUp(host);
                string[] after = await host.Left(chains: false);
                Assert.True(before.Order().SequenceEqual(after.Order()), $"{place}:\nbefore\n{string.Join('\n', before)}\nafter\n{string.Join('\n', after)}");
                Assert.Equal("witness", await host.Ask("10.7.1.9", 80));
            }
        }
        finally
        {
            File.Delete(journal);
        }
        Assert.Equal("witness\n", (await host.Run("runc", ["--network", "one"], "nc -w 2 witness 80 </dev/null")).Succeeded().Text);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Whoever_is_killed_leaves_nothing(string runtime)
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Create("one", "--subnet", "10.7.1.0/24");
        // The monitor with its container, and the container alone.
        foreach (string format in new[] { "{{.State.ConmonPid}} {{.State.Pid}}", "{{.State.Pid}}" })
        {
            await host.Serve(runtime, "web", "--network", "one", "-p", "8000:80");
            string pids = (await host.Call("inspect", "--format", format, "web")).Succeeded().Text.Trim();
            await host.Shell($"kill -9 {pids}");
            (await host.Call("wait", "web")).Succeeded();
            (await host.Call("gc")).Succeeded();
            await host.AssertNothingLeft();
            (await host.Call("rm", "web")).Succeeded();
        }
        // The launcher of one in the foreground.
        await host.Shell($"'{Repository.Command}' run --runtime {runtime} --rootfs '{Repository.Busybox}' --network one --name front sleep 600 >/dev/null 2>&1 & echo $! >/run/launcher");
        await Eventually.Holds("it runs", async () => (await host.Call("exec", "front", "true")).Status == 0);
        await host.Shell("kill -9 $(cat /run/launcher) && rm /run/launcher");
        (await host.Call("gc")).Succeeded();
        await host.AssertNothingLeft();
    }

    [Fact]
    public async Task Rules_that_somebody_has_flushed_are_back_with_the_next_container()
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Create("one", "--subnet", "10.7.1.0/24");
        await host.Listen("0.0.0.0", 7000, "host");
        await host.ListenOutside(NetworkHost.Outside, 7000, "outside");
        await host.Serve("runc", "web", "--network", "one", "-p", "8000:80");
        await host.Shell("nft flush ruleset");
        // The collection of orphans puts back what closes the network off; what leads out comes with the next container.
        Assert.Contains("closes it off", (await host.Call("gc")).Succeeded().Text, StringComparison.Ordinal);
        Assert.Equal("closed\n", (await host.Call("exec", "web", "sh", "-c", "nc -w 2 10.7.1.1 7000 </dev/null 2>/dev/null | grep . || echo closed")).Succeeded().Text);
        string ask = $"nc -w 2 10.7.1.1 7000 </dev/null 2>/dev/null | grep . || echo closed; nc -w 2 {NetworkHost.Outside} 7000 </dev/null";
        Assert.Equal($"closed\noutside {NetworkHost.Own}\n", (await host.Run("crun", ["--network", "one"], ask)).Succeeded().Text);
        (await host.Call("rm", "--force", "web")).Succeeded();
        await host.AssertNothingLeft();
    }

    [Fact]
    public async Task Names_resolve_again_after_their_server_was_killed()
    {
        await using NetworkHost host = await NetworkHost.Make();
        await host.Create("one");
        await host.Serve("crun", "web", "--network", "one");
        await host.Shell("kill -9 $(cat /var/lib/podspawn-oci/networks/.boot/*/netavark/aardvark-dns/aardvark.pid)");
        await host.Serve("crun", "next", "--network", "one");
        Assert.Equal("web\nnext\n", (await host.Run("crun", ["--network", "one"], "nc -w 2 web 80 </dev/null; nc -w 2 next 80 </dev/null")).Succeeded().Text);
    }

    private static async Task Prepare(NetworkHost host, string verb)
    {
        if (verb == "rm")
            (await host.Call([.. Verbs["detached"][..^2], "--egress-allow", "example.org:80", .. Verbs["detached"][^2..]])).Succeeded();
        if (verb == "remove")
            await host.Create("other");
    }

    private static async Task CleanUp(NetworkHost host)
    {
        (await host.Call("rm", "--force", "x")).Succeeded();
        (await host.Call("network", "rm", "--force", "other")).Succeeded();
    }
}
