using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Launching;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Cleanup;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle;

/// <summary>
/// Starts conmon (conmon(8)), which makes the runtime create the container, and then stays: it holds the log, the terminal and the exit status, and
/// calls us when the container has ended.
/// </summary>
internal static class ContainerMonitor
{
    private const string SyncPipe = "_OCI_SYNCPIPE";
    private const int LargestAnswer = 1 << 16;
    private const int LookMilliseconds = 50;

    /// <summary>Starts conmon in the calling thread's mount namespace, which conmon then keeps alive.</summary>
    /// <param name="container">The container.</param>
    /// <param name="exit">The command that it calls when the container has ended.</param>
    /// <param name="cancel">Cancels the wait.</param>
    /// <returns>The monitor, and the container's first process, which waits for the runtime's <c>start</c>.</returns>
    /// <exception cref="RuntimeException">conmon or the runtime failed.</exception>
    /// <exception cref="OperationCanceledException">The wait for them was cancelled; they continue.</exception>
    internal static (ProcessIdentity Monitor, ProcessIdentity Process) Launch(Container container, ExitCommand exit, CancellationToken cancel)
    {
        ContainerPaths paths = container.Paths;
        string program = HostProgram.Find("conmon") ?? throw new RuntimeException($"{HostProgram.WhyNot("conmon")}, and nothing else watches a detached container; install conmon");
        Directory.CreateDirectory(paths.ExitDirectory);
        Directory.CreateDirectory(paths.MonitorDirectory);
        if (container.Definition.Lifecycle.Notify.IsForContainer)
        {
            // Another user inside reaches the socket too.
            Directory.CreateDirectory(paths.Notify);
            File.SetUnixFileMode(paths.Notify, FileModes.PublicDirectory);
        }
        (SafeFileHandle answers, SafeFileHandle answersEnd) = DescriptorCalls.Pipe();
        using (answers)
        {
            int status;
            using (answersEnd)
            using (var inherited = new InheritedDescriptor(answersEnd))
            using (var nothing = ChildStreams.Null())
            {
                var environment = new Dictionary<string, string?>(ContainerCleanup.EnvironmentOf(paths))
                {
                    [SyncPipe] = inherited.Number.ToString(CultureInfo.InvariantCulture),
                    ["_OCI_STARTPIPE"] = null,
                };
                status = RuntimeProcess.Start(program, Arguments(container, exit), environment, ownSession: false, nothing, paths.MonitorDirectory).Task.WaitAsync(cancel)
                    .GetAwaiter().GetResult().ExitCode;
            }
            if (status != 0)
                throw new RuntimeException($"{program}: ended with status {status}; run it by hand with --version to see whether it works");
            Faults.Point("start.monitored");
            int pid = ReadAnswer(answers, container, cancel);
            ProcessIdentity monitor = ContainerPidFile.Read(paths.MonitorPidFile) is { } number
                ? ProcessIdentity.Of(number)
                : throw new RuntimeException($"{program}: did not write its process id to {paths.MonitorPidFile}; make room there");
            return (monitor, ProcessIdentity.Of(pid));
        }
    }

    private static List<string> Arguments(Container container, ExitCommand exit)
    {
        (ContainerPaths paths, ContainerDefinition definition) = (container.Paths, container.Definition);
        List<string> arguments =
        [
            "--api-version", "1", "--cid", container.Id, "--cuuid", container.Id, "--name", container.Name,
            "--runtime", definition.Runtime.Program, "--bundle", paths.Directory, "--container-pidfile", paths.PidFile,
            "--conmon-pidfile", paths.MonitorPidFile, "--exit-dir", paths.ExitDirectory, "--persist-dir", paths.MonitorDirectory, "--full-attach",
            "--log-path", LogPathOf(container), "--log-level", "error",
            "--exit-command", exit.Program,
        ];
        foreach (string argument in exit.Arguments.Append(container.Id))
            arguments.AddRange(["--exit-command-arg", argument]);
        arguments.AddRange(container.Driver.BeforeVerb(container.LaunchCall, definition.Network).Select(word => $"--runtime-arg={word}"));
        if (definition.Terminal)
            arguments.Add("--terminal");
        if (definition.Interactive)
            arguments.Add("--stdin");
        // A user who detaches from a terminal may come back. The end of other streams is passed on, like a pipe's.
        if (definition.Terminal)
            arguments.Add("--leave-stdin-open");
        if (definition.Lifecycle.Log.Tag is { } tag)
            arguments.AddRange(["--log-tag", tag]);
        if (definition.Lifecycle.Notify is { IsForContainer: true, Socket: { } socket })
            arguments.AddRange(["--sdnotify-socket", socket]);
        if (definition.Lifecycle.LogSizeMax > 0)
            arguments.AddRange(["--log-size-max", definition.Lifecycle.LogSizeMax.ToString(CultureInfo.InvariantCulture)]);
        if (definition.Lifecycle.TimeoutSeconds > 0)
            arguments.AddRange(["--timeout", definition.Lifecycle.TimeoutSeconds.ToString(CultureInfo.InvariantCulture)]);
        return arguments;
    }

    // As conmon reads it: the name of the driver, and a path where it writes a file.
    private static string LogPathOf(Container container) => container.LogFile is { } file ? $"k8s-file:{file}"
        : container.Definition.Lifecycle.Log.Driver == LogDriver.Journald ? "journald" : "none";

    // conmon answers with one JSON object on one line: {"data": PID}, or a negative number with a message.
    private static int ReadAnswer(SafeFileHandle answers, Container container, CancellationToken cancel)
    {
        byte[] buffer = new byte[LargestAnswer];
        int length = 0;
        Span<TerminalCalls.PollFd> wait = [new(answers, TerminalCalls.POLLIN)];
        while (length < buffer.Length && !buffer.AsSpan(0, length).Contains((byte)'\n'))
        {
            while (TerminalCalls.Poll(wait, LookMilliseconds) == 0)
                cancel.ThrowIfCancellationRequested();
            int got = TerminalCalls.Read(answers, buffer.AsSpan(length));
            if (got <= 0)
                break;
            length += got;
        }
        string? said = null;
        try
        {
            using JsonDocument answer = JsonDocument.Parse(buffer.AsMemory(0, length));
            if (answer.RootElement.TryGetProperty("data", out JsonElement data) && data.GetInt32() is > 0 and int pid)
                return pid;
            said = answer.RootElement.TryGetProperty("message", out JsonElement message) ? message.GetString() : null;
        }
        catch (JsonException)
        {
            said = length == 0 ? "conmon ended without a word" : $"conmon said what cannot be understood: {Encoding.UTF8.GetString(buffer, 0, length)}";
        }
        throw LaunchFailure.Of(container.Driver, container.Paths, container.Definition.Command[0], 1, RuntimeAnswer.ReasonIn(said ?? "", 1))!;
    }
}
