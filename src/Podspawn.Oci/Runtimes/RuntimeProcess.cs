using CliWrap;
using CliWrap.Buffered;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Runtimes;

/// <summary>Starts a runtime, or a program in its place, as a child process of the calling thread: <see cref="RuntimeInvoker"/> provides the thread's mounts.</summary>
internal static class RuntimeProcess
{
    /// <summary>Variables by which systemd passes sockets. Runtimes pass those on, runc with a bind mount of the host's notify socket, which no config asks for.</summary>
    internal static IReadOnlyDictionary<string, string?> Withheld { get; } =
        new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = null, ["LISTEN_FDS"] = null, ["LISTEN_PID"] = null, ["LISTEN_FDNAMES"] = null };

    private static readonly TimeSpan ReapingTimeout = TimeSpan.FromSeconds(5);
    private static readonly System.Collections.Concurrent.ConcurrentBag<CommandTask<CommandResult>> Started = [];

    /// <summary>
    /// Starts the runtime with the given standard streams. It is started on the calling thread before this returns, so that it inherits that thread's
    /// mount namespace.
    /// </summary>
    /// <param name="program">The runtime's absolute path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables to add to its environment.</param>
    /// <param name="ownSession">Whether it gets its own session: signals that the terminal sends to our process group then reach it only through us, once.</param>
    /// <param name="streams">The standard streams of the runtime, and so of the container.</param>
    /// <param name="directory">Its working directory; null for ours.</param>
    /// <param name="umask">The mask that it passes on to what it starts; null for the usual one.</param>
    /// <param name="preserved">How many descriptors of our caller, from 3 on, it inherits.</param>
    /// <exception cref="RuntimeException">The program cannot be started.</exception>
    internal static CommandTask<CommandResult> Start(
        string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment, bool ownSession, ChildStreams streams,
        string? directory = null, uint? umask = null, int preserved = 0)
    {
        Command command = ownSession
            ? CliWrap.Cli.Wrap(HostProgram.Find("setsid") ?? throw new RuntimeException("setsid: is not installed; install util-linux"))
            .WithArguments(["--", program, .. arguments])
            : CliWrap.Cli.Wrap(program).WithArguments(arguments);
        command = command.WithEnvironmentVariables(environment).WithValidation(CommandResultValidation.None);
        if (directory is not null)
            command = command.WithWorkingDirectory(directory);
        try
        {
            // CliWrap would create its own pipes by default, with copies through its threads. No cancellation token is passed: it would kill the
            // child at once, while we want to wait for it.
            using DefaultSigPipe sigpipe = DefaultSigPipe.Hold();
            // A runtime makes mount points in the container's root with it, and runc 1.1.5 passes it on to what exec starts.
            using FileMask mask = FileMask.Hold(umask);
            using IDisposable loan = streams.Lend();
            using IDisposable kept = PreservedDescriptors.Lend(preserved);
            CommandTask<CommandResult> running = command.ExecuteAsync(
                start =>
                {
                    start.RedirectStandardInput = false;
                    start.RedirectStandardOutput = false;
                    start.RedirectStandardError = false;
                },
                null, CancellationToken.None, CancellationToken.None);
            Started.Add(running);
            return running;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            throw new RuntimeException($"{program}: cannot be started: {e.Message}; install it, or name another runtime with {Setting.Runtime}");
        }
    }

    /// <summary>
    /// Waits until .NET has reaped what has ended of the processes that were started here: their ends are seen before that (<see cref="ProcessCalls.PeekExit"/>),
    /// and .NET aborts the program where another reaps its child.
    /// </summary>
    /// <returns>False where .NET did not get to it in time.</returns>
    internal static bool AwaitReaped() => Started.All(running => !ProcessCalls.IsZombie(running.ProcessId) || running.Task.Wait(ReapingTimeout));

    /// <summary>Runs the runtime to its end, in the calling thread's mount namespace; its output is captured, not shown.</summary>
    /// <param name="program">Its absolute path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables to add to its environment, or to remove from it.</param>
    /// <param name="cancel">Ends the runtime and everything it has started.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    internal static RuntimeAnswer Run(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment, CancellationToken cancel)
    {
        using FileMask mask = FileMask.HoldUsual();
        BufferedCommandResult result = CliWrap.Cli.Wrap(program).WithArguments(arguments).WithEnvironmentVariables(environment).WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(cancel).GetAwaiter().GetResult();
        return new RuntimeAnswer(result.ExitCode, result.StandardOutput, result.StandardError);
    }
}
