using System.Diagnostics.CodeAnalysis;
using CliWrap;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Terminals;

namespace Podspawn.Oci.Launching.Invocation;

/// <summary>A process of a container whose streams or terminal are relayed to the caller's: the container's first process, or one that is started inside later.</summary>
internal sealed record RuntimeInvocation
{
    /// <summary>The runtime.</summary>
    internal required RuntimeDriver Driver { get; init; }

    /// <summary>The program that is called: the runtime, or a program that becomes the runtime.</summary>
    [AllowNull]
    internal string Program { get => field ?? Driver.Program; init; }

    /// <summary>Its arguments. The function gets the path of the socket that receives the terminal, or null for no terminal.</summary>
    internal required Func<string?, IReadOnlyList<string>> Arguments { get; init; }

    /// <summary>The file that the runtime writes the process's id to.</summary>
    internal required string PidFile { get; init; }

    /// <summary>The path of the socket that receives the terminal; at most <see cref="ConsoleSocket.LongestPath"/> bytes.</summary>
    internal required string ConsoleSocket { get; init; }

    /// <summary>The variables that differ in the runtime's environment from ours.</summary>
    internal required IReadOnlyDictionary<string, string?> Environment { get; init; }

    /// <summary>Whether the runtime returns when the process runs, and leaves the process to us.</summary>
    internal required bool LeavesProcess { get; init; }

    /// <summary>
    /// Starts a process that the runtime has only created, and returns the runtime's exit status. Null where the runtime's first call has already
    /// started it.
    /// </summary>
    internal Func<int>? Begin { get; init; }

    /// <summary>Starts the runtime on the calling thread, in that thread's mount namespace.</summary>
    /// <param name="consoleSocket">The socket that receives the terminal; null for no terminal.</param>
    /// <param name="streams">The runtime's standard streams.</param>
    /// <exception cref="RuntimeException">The program cannot be started.</exception>
    internal CommandTask<CommandResult> Start(string? consoleSocket, ChildStreams streams) =>
        RuntimeProcess.Start(Program, Arguments(consoleSocket), Environment, CallersTerminal.IsControlling(), streams, umask: Umask, preserved: PreservedDescriptors);

    /// <summary>The file mode creation mask of an additional process, which its runtime may only pass on; null for the usual one.</summary>
    internal uint? Umask { get; init; }

    /// <summary>How many descriptors of our caller, from 3 on, the runtime inherits and passes on.</summary>
    internal int PreservedDescriptors { get; init; }

    /// <summary>Starts the process where the runtime has created it.</summary>
    /// <param name="status">The runtime's exit status.</param>
    /// <returns>The exit status of the last call of the runtime.</returns>
    internal int Begun(int status) => status == 0 && Begin is not null ? Begin() : status;

    /// <summary>Whether the caller's stdin goes to the process.</summary>
    internal bool Interactive { get; init; }

    /// <summary>The source of signals that change the terminal's size, or stop us at it; null for none.</summary>
    internal required ISignalSource? Signals { get; init; }

    /// <summary>Cancelled when the caller no longer waits for the output to be read, once the process has ended.</summary>
    internal CancellationToken Abandon { get; init; }

    /// <summary>The keys that detach from the process's terminal; null for none.</summary>
    internal DetachKeys? DetachKeys { get; init; }

    /// <summary>Ends the process where the one in <see cref="PidFile"/> only stands for it; null where that is the process itself.</summary>
    internal Action? Kill { get; init; }
}
