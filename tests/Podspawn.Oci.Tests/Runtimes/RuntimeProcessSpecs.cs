using CliWrap;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.Tests.Runtimes;

public sealed class RuntimeProcessSpecs
{
    /// <summary>The end of a child is seen before .NET has reaped it, and .NET aborts the program where another does.</summary>
    [Fact]
    public void Nothing_that_has_ended_is_left_for_dotnet_to_reap()
    {
        const int Times = 50;
        for (int i = 0; i < Times; i++)
        {
            using ChildStreams nothing = ChildStreams.Null();
            CommandTask<CommandResult> running = RuntimeProcess.Start("/bin/true", [], new Dictionary<string, string?>(), ownSession: false, nothing);
            Assert.Equal(0, (ProcessCalls.PeekExit(running.ProcessId) ?? new ProcessExit(0, false)).Code);
            Assert.True(RuntimeProcess.AwaitReaped());
            Assert.False(ProcessCalls.IsZombie(running.ProcessId));
        }
    }
}
