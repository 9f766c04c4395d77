namespace Podspawn.Oci.RuntimeTests.Launching;

/// <summary>The names of a container's processes, and the file at a command's path, do not change what a launch reports.</summary>
public sealed class PosingSpecs
{
    // The names of the runtimes' own processes while they prepare a command's.
    private static readonly string[] Names = ["runc:[2:INIT]", "runc:[1:CHILD]", "runc", "crun"];

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_command_that_has_the_name_of_the_runtimes_process_keeps_its_exit_status(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime);
        foreach (string name in Names)
        {
            // A script's name becomes its process's name.
            (await kept.Exec([], "sh", "-c", $"printf '#!/bin/sh\\ntest \"$(cat /proc/$$/comm)\" = \"{name}\" && exit 1; exit 2' > '/tmp/{name}'; chmod +x '/tmp/{name}'"))
                .Succeeded();
            foreach (string[] flags in new string[][] { [], ["-t"], ["-w", "/tmp"] })
            {
                Outcome outcome = await kept.Exec(flags, $"/tmp/{name}");
                Assert.Equal((1, ""), (outcome.Status, outcome.Error));
            }
            (await kept.Exec(["-d"], $"/tmp/{name}")).Succeeded();
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task So_does_a_containers_own_command(string runtime)
    {
        foreach (string name in Names)
        {
            string script = $"printf %s '{name}' > /proc/$$/comm; exit 1";
            Outcome outcome = await PodspawnOci.Probe(runtime, [], "sh", "-c", script);
            Assert.Equal((1, ""), (outcome.Status, outcome.Error));
            await using Detached kept = await Detached.Run(runtime, [], "sh", "-c", script);
            await kept.UntilStatus("exited");
            Assert.Equal(1, (await kept.State()).GetProperty("ExitCode").GetInt32());
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task What_lies_at_a_commands_path_is_opened_only_where_it_is_a_file(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime);
        // A process that opens the FIFO for reading lets its writer continue.
        (await kept.Exec([], "sh", "-c", "mkfifo /tmp/fifo; ln -s /tmp/fifo /tmp/link; chmod +x /tmp/fifo")).Succeeded();
        (await kept.Exec(["-d"], "sh", "-c", "echo waiting > /tmp/waiting; echo word > /tmp/fifo; echo opened > /tmp/opened")).Succeeded();
        await Eventually.Holds("the writer waits", async () => (await kept.Exec([], "test", "-e", "/tmp/waiting")).Status == 0);
        foreach (string path in new[] { "/tmp/fifo", "/tmp/link", "/dev/null", "/proc/kmsg", "/proc/self/mem", "/sys/kernel/uevent_seqnum" })
        {
            foreach (string[] flags in new string[][] { [], ["-d"], ["-w", "/tmp"] })
                Assert.Equal(126, (await kept.Exec(flags, path)).Status);
        }
        Assert.NotEqual(0, (await kept.Exec([], "test", "-e", "/tmp/opened")).Status);
    }
}
