using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Attacks;

/// <summary>The report of a process that the host started by the runtime's <c>exec</c>, under the label that it was given.</summary>
internal static class ExecutedProcess
{
    /// <summary>The label of the process that runs as root.</summary>
    public const string Root = "root";

    /// <summary>The label of the process that runs as <see cref="OtherUser"/>.</summary>
    public const string User = "user";

    /// <summary>A user other than root.</summary>
    public const string OtherUser = "1000";

    /// <summary>The findings that need such processes.</summary>
    public static IReadOnlyList<string> Findings { get; } = ["capabilities", "no_new_privileges", "pids_limit", "seccomp", "streams"];

    /// <summary>The labels of both processes.</summary>
    public static IEnumerable<AttackArgument> Both { get; } = [Root, User];

    /// <summary>A line of its /proc/self/status; null where there is none.</summary>
    public static string? Status(AttackTry tried, string key) => tried.Inside.Word("exec", tried.Argument, "status", key);

    /// <summary>Why one of the processes could not be started; null where none failed.</summary>
    public static string? Failure(ProbeReport inside) => inside.Word("exec", Root, "failed") ?? inside.Word("exec", User, "failed");
}
