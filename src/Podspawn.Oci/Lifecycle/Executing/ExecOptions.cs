using Podspawn.Oci.Terminals;

namespace Podspawn.Oci.Lifecycle.Executing;

/// <summary>An additional process for a running container, as typed: nothing resolved or checked yet.</summary>
public sealed record ExecOptions
{
    /// <summary>The command and its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary><c>--interactive</c>: the caller's stdin goes to the process.</summary>
    public bool Interactive { get; init; }

    /// <summary><c>--tty</c>.</summary>
    public bool Terminal { get; init; }

    /// <summary><c>--detach</c>: the process runs in the background, and its output is discarded.</summary>
    public bool Detach { get; init; }

    /// <summary><c>--user</c>; null for the container's own.</summary>
    public string? User { get; init; }

    /// <summary><c>--workdir</c>; null for the container's own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary><c>--env</c>: <c>NAME=value</c>, or <c>NAME</c> for the caller's own value.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary><c>--env-file</c>.</summary>
    public IReadOnlyList<string> EnvironmentFiles { get; init; } = [];

    /// <summary><c>--preserve-fds</c>: how many descriptors of the caller, from 3 on, the process has; only in the foreground.</summary>
    public int PreservedDescriptors { get; init; }

    /// <summary>The time after which the process is killed; null for never.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary><c>--detach-keys</c>; null for none.</summary>
    public DetachKeys? DetachKeys { get; init; } = DetachKeys.Default;
}
