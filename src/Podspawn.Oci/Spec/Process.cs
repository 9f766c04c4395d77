
namespace Podspawn.Oci.Spec;

/// <summary>The container's process (config.md, "Process").</summary>
public sealed record Process
{
    /// <summary>Whether a terminal is attached.</summary>
    public bool Terminal { get; init; }

    /// <summary>The terminal's size.</summary>
    public ConsoleSize? ConsoleSize { get; init; }

    /// <summary>User and groups.</summary>
    public required User User { get; init; }

    /// <summary>The command and its arguments, as for execvp(3).</summary>
    public required IReadOnlyList<string> Args { get; init; }

    /// <summary><c>NAME=value</c> strings.</summary>
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>The working directory, absolute.</summary>
    public required string Cwd { get; init; }

    /// <summary>The five capability sets.</summary>
    public ProcessCapabilities? Capabilities { get; init; }

    /// <summary>Resource limits.</summary>
    public IReadOnlyList<Rlimit>? Rlimits { get; init; }

    /// <summary>Whether execve may not grant privileges.</summary>
    public bool NoNewPrivileges { get; init; }

    /// <summary>The score from -1000 to 1000 by which the kernel chooses what to kill (proc(5), oom_score_adj).</summary>
    public int? OomScoreAdj { get; init; }
}

/// <summary>A terminal's size in characters.</summary>
public sealed record ConsoleSize(uint Height, uint Width);

/// <summary>Numeric user and groups.</summary>
public sealed record User(uint Uid, uint Gid, IReadOnlyList<uint>? AdditionalGids = null)
{
    /// <summary>The file mode creation mask; null for the runtime's own.</summary>
    public uint? Umask { get; init; }
}

/// <summary>Capability sets by name (<c>CAP_CHOWN</c>).</summary>
public sealed record ProcessCapabilities
{
    /// <summary>The bounding set.</summary>
    public IReadOnlyList<string> Bounding { get; init; } = [];

    /// <summary>The effective set.</summary>
    public IReadOnlyList<string> Effective { get; init; } = [];

    /// <summary>The inheritable set.</summary>
    public IReadOnlyList<string> Inheritable { get; init; } = [];

    /// <summary>The permitted set.</summary>
    public IReadOnlyList<string> Permitted { get; init; } = [];

    /// <summary>The ambient set.</summary>
    public IReadOnlyList<string> Ambient { get; init; } = [];
}

/// <summary>A resource limit (getrlimit(2)).</summary>
/// <param name="Type"><c>RLIMIT_NOFILE</c> and its like.</param>
/// <param name="Hard">The hard limit.</param>
/// <param name="Soft">The soft limit, which is in effect.</param>
public sealed record Rlimit(string Type, ulong Hard, ulong Soft);
