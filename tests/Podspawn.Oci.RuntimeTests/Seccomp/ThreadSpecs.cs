namespace Podspawn.Oci.RuntimeTests.Seccomp;

/// <summary>Threads start under the default filter, whichever way a language's runtime starts them: glibc tries clone3 first, Go calls clone by itself.</summary>
public sealed class ThreadSpecs
{
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Glibcs_threads_start(string runtime)
    {
        Outcome outcome = (await PodspawnOci.Probe(runtime, [], "/probe/threads", "20")).Succeeded();
        Assert.Equal(["created 20", "errno none", "alive yes"], outcome.Lines);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Pythons_threads_start(string runtime)
    {
        const string Program = """
            import threading
            gate = threading.Event()
            threads = [threading.Thread(target=gate.wait) for _ in range(8)]
            for thread in threads: thread.start()
            print(threading.active_count())
            gate.set()
            for thread in threads: thread.join()
            """;
        Assert.Equal(["9"], (await Run(runtime, "python3", "-c", Program)).Succeeded().Lines);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Javas_threads_start(string runtime)
    {
        Outcome outcome = (await Run(runtime, "java", "-Xmx64m", "-Xlog:os+thread", "-version")).Succeeded();
        Assert.True(outcome.Lines.Count(line => line.Contains("Thread is alive", StringComparison.Ordinal)) >= 4, outcome.Text);
    }

    // runsc is a Go program, whose runtime aborts where it cannot start a thread.
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Gos_threads_start(string runtime) =>
        Assert.StartsWith("runsc version", (await Run(runtime, "runsc", "--version")).Succeeded().Text, StringComparison.Ordinal);

    // The rule for a release that has clone3, which the installed one also applies: ENOSYS, and glibc falls back to clone.
    [Theory]
    [InlineData("python3", "-c", "import threading; t = threading.Thread(target=print, args=('ran',)); t.start(); t.join()")]
    [InlineData("java", "-Xmx64m", "-version")]
    public async Task Threads_start_under_a_sentry_that_has_clone3(params string[] command)
    {
        using Saboteur newer = Saboteur.Saying("runsc", "release-20240101.0");
        Outcome outcome = (await Run(newer.Program, command)).Succeeded();
        Assert.DoesNotContain("pthread", outcome.Error, StringComparison.Ordinal);
    }

    private static Task<Outcome> Run(string runtime, params string[] command) =>
        PodspawnOci.Call(["run", "--runtime", runtime, "--rootfs", Repository.Languages, "--", .. command]);
}
