using System.Diagnostics.CodeAnalysis;
using CliWrap;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Terminals;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Invocation;

/// <summary>A process of a container whose streams or terminal are relayed to the caller's: the container's first, or one that is started inside later.</summary>
internal sealed record RuntimeInvocation
{
    /// <summary>The runtime.</summary>
    internal required RuntimeDriver Driver { get; init; }

    /// <summary>The program that is called: the runtime, or one that becomes it.</summary>
    [AllowNull]
    internal string Program { get => field ?? Driver.Program; init; }

    /// <summary>Its arguments, given the path of the socket that takes the terminal, or null for no terminal.</summary>
    internal required Func<string?, IReadOnlyList<string>> Arguments { get; init; }

    /// <summary>The file that the runtime writes the process's id to.</summary>
    internal required string PidFile { get; init; }

    /// <summary>Where the socket that takes the terminal goes; a path of at most <see cref="ConsoleSocket.LongestPath"/> bytes.</summary>
    internal required string ConsoleSocket { get; init; }

    /// <summary>What is special in the runtime's environment.</summary>
    internal required IReadOnlyDictionary<string, string?> Environment { get; init; }

    /// <summary>Whether the runtime returns when the process runs, and leaves it to us.</summary>
    internal required bool LeavesProcess { get; init; }

    /// <summary>What lets the process begin, for one that the runtime has only created; returns the runtime's exit status. Null where it has begun by then.</summary>
    internal Func<int>? Begin { get; init; }

    /// <summary>Starts the runtime on the calling thread, in that one's mount namespace.</summary>
    /// <param name="consoleSocket">The socket that takes the terminal; null for no terminal.</param>
    /// <param name="streams">The runtime's standard streams.</param>
    /// <exception cref="RuntimeException">It cannot be started.</exception>
    internal CommandTask<CommandResult> Start(string? consoleSocket, ChildStreams streams) =>
        RuntimeProcess.Start(Program, Arguments(consoleSocket), Environment, CallersTerminal.IsControlling(), streams);

    /// <summary>Lets the process begin where the runtime has made it.</summary>
    /// <param name="status">The runtime's exit status.</param>
    /// <returns>The exit status of the last call of the runtime.</returns>
    internal int Begun(int status) => status == 0 && Begin is not null ? Begin() : status;

    /// <summary>Whether the caller's stdin goes to the process.</summary>
    internal bool Interactive { get; init; }

    /// <summary>Where signals come from that change the terminal's size, or stop us at it; null for nowhere.</summary>
    internal required ISignalSource? Signals { get; init; }

    /// <summary>Cancelled when the caller is not to wait any longer for a reader of what the process wrote, once that has ended.</summary>
    internal CancellationToken Abandon { get; init; }

    /// <summary>What leaves the process's terminal when it is typed; null for nothing.</summary>
    internal DetachKeys? DetachKeys { get; init; }

    /// <summary>Ends the process where that in <see cref="PidFile"/> only stands for it; null where it is the process itself.</summary>
    internal Action? Kill { get; init; }
}
