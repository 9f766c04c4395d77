using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Tests.Native;

/// <summary>A program in memory that may run in a container: a process there that gets hold of it can execute it, and nothing else (CVE-2019-5736).</summary>
public sealed class SealedProgramSpecs
{
    [Fact]
    public async Task It_runs_and_cannot_be_changed_by_anybody()
    {
        using FileStream content = File.OpenRead("/bin/true");
        using SafeFileHandle program = SealedProgram.Make("sealed", content);
        string path = $"/proc/{Environment.ProcessId}/fd/{(int)program.DangerousGetHandle()}";
        using Process run = Process.Start(path);
        await run.WaitForExitAsync();
        Assert.Equal(0, run.ExitCode);
        using SafeFileHandle again = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        Assert.ThrowsAny<Exception>(() => RandomAccess.Write(again, new byte[1], 0));
        Assert.ThrowsAny<Exception>(() => RandomAccess.SetLength(again, 0));
        Assert.ThrowsAny<Exception>(() => RandomAccess.SetLength(again, content.Length + 1));
        Assert.Equal(await File.ReadAllBytesAsync("/bin/true"), await File.ReadAllBytesAsync(path));
    }
}
