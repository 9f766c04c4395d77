using System.Diagnostics;
using System.Globalization;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Tests.Native;

public sealed class ProcessTreeSpecs
{
    // The kernel takes its memory away before it counts as ended.
    private const string SlowToEnd = "import os, time; memory = bytearray(b\"1\") * (256 << 20); print(os.getpid(), flush=True); time.sleep(600)";

    [Fact]
    public async Task The_end_of_a_child_of_ours_is_seen_after_those_of_all_that_it_has_started()
    {
        using Process child = Process.Start(new ProcessStartInfo("sh", ["-c", $"python3 -IS -c '{SlowToEnd}' & wait"]) { RedirectStandardOutput = true })!;
        int started = int.Parse(child.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);

        Task<bool> left = Task.Run(async () =>
        {
            await child.WaitForExitAsync();
            return ProcessStat.Read(started) is { IsDead: false };
        });
        Assert.True(ProcessTree.EndChildren(pid => pid == child.Id));

        Assert.False(await left);
    }

    [Fact]
    public void A_child_that_is_not_meant_goes_on()
    {
        using var child = Process.Start("sleep", "600");
        Assert.False(ProcessTree.EndChildren(pid => false));
        Assert.False(child.HasExited);
        child.Kill();
        child.WaitForExit();
    }
}
