using System.Diagnostics;

namespace Podspawn.Oci.RuntimeTests.Launching;

/// <summary>Signals that reach the launcher reach the container's process, each once.</summary>
public sealed class SignalSpecs
{
    private static readonly (string Name, int Number)[] Signals = [("HUP", 1), ("INT", 2), ("QUIT", 3), ("USR1", 10), ("USR2", 12), ("WINCH", 28), ("TERM", 15)];

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Each_signal_reaches_the_containers_process_once(string runtime)
    {
        string name = $"signals-{runtime}";
        // The test runner's caller may ignore signals (nohup, a shell's background job), and a launcher would inherit that.
        using Process launcher = Process.Start(new ProcessStartInfo(
            "env", ["--default-signal", Repository.Command, "run", "--runtime", runtime, "--name", name, "--rootfs", Repository.Probe, "--", "/probe/sigs"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            launcher.ErrorDataReceived += (_, _) => { };
            launcher.BeginErrorReadLine();
            Assert.Equal("ready", await launcher.StandardOutput.ReadLineAsync());
            foreach ((string signal, int number) in Signals)
            {
                Assert.Equal(0, Tmds.Linux.LibC.kill(launcher.Id, number));
                Assert.Equal($"got {signal}", await launcher.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)));
            }
            Assert.Null(await launcher.StandardOutput.ReadLineAsync());
            await launcher.WaitForExitAsync();
            Assert.Equal(0, launcher.ExitCode);
        }
        finally
        {
            launcher.Kill();
        }
        await Leftovers.AssertNone(name);
    }
}
