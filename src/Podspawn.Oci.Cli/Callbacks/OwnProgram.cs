using System.Runtime.InteropServices;
using Podspawn.Oci.Cli.Verbs;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Cli.Callbacks;

/// <summary>What the library needs to know of this program: how it is called back, and where its signals come from.</summary>
internal static class OwnProgram
{
    /// <summary>The program's absolute path.</summary>
    /// <exception cref="ContainerException">/proc is not mounted.</exception>
    internal static string Path => Environment.ProcessPath
        ?? throw new ContainerException("/proc is not mounted, so that nobody knows where podspawn-oci lies; mount it");

    /// <summary>The command that a container's monitor calls when the container has ended.</summary>
    internal static ExitCommand ExitCommand => new(Path, [CleanupVerb.Name]) { HealthArguments = [HealthcheckVerb.Name, HealthcheckVerb.Run] };

    // A registration that nobody refers to is undone by the garbage collector.
    private static IDisposable[] ignoring = [];

    /// <summary>The source of this process's signals.</summary>
    internal static ISignalSource Signals { get; } = new ProcessSignals();

    /// <summary>Goes on ignoring the signals that our caller has set to be ignored, unless a verb receives them.</summary>
    internal static void KeepIgnoring() => ignoring = [.. IgnoredSignals.All().Select(signal => Signals.Receive(signal, () => { }))];

    private sealed class ProcessSignals : ISignalSource
    {
        // The values of PosixSignal are negative; a positive one is the system's own number.
        public IDisposable Receive(int signal, Action handler) => PosixSignalRegistration.Create((PosixSignal)signal, context =>
        {
            context.Cancel = true;
            handler();
        });

        public bool WasIgnored(int signal) => IgnoredSignals.Has(signal);
    }
}
