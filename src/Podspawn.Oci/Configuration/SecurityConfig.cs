
namespace Podspawn.Oci.Configuration;

/// <summary>
/// What the user asks for: the <c>security</c> section of a podspawn config, with podspawn's keys and defaults and nothing derived. Property names
/// are the YAML keys in PascalCase.
/// </summary>
public sealed record SecurityConfig
{
    /// <summary>Capabilities to drop: any case, with or without <c>CAP_</c>, or <c>ALL</c>.</summary>
    public IReadOnlyList<string> CapDrop { get; init; } = ["ALL"];

    /// <summary>Capabilities to add: any case, with or without <c>CAP_</c>, or <c>ALL</c>.</summary>
    public IReadOnlyList<string> CapAdd { get; init; } = ["CHOWN", "SETUID", "SETGID", "DAC_OVERRIDE", "FOWNER", "NET_BIND_SERVICE"];

    /// <summary>Whether execve may not grant privileges (Documentation/userspace-api/no_new_privs.rst).</summary>
    public bool NoNewPrivileges { get; init; } = true;

    /// <summary>The largest number of processes and threads; 0 and -1 mean unlimited.</summary>
    public long PidsLimit { get; init; } = 256;

    /// <summary>Whether the root filesystem is read-only.</summary>
    public bool ReadonlyRootfs { get; init; }

    /// <summary>Mount path to mount options (<c>"size=64m,noexec"</c>, possibly empty), in the order written.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tmpfs { get; init; } = [];

    /// <summary>The OCI runtime: "" for the default, a bare name, or an absolute path.</summary>
    public string Runtime { get; init; } = "";

    /// <summary><c>default</c>, <c>unconfined</c>, or the path of a profile in Docker's JSON format.</summary>
    public string Seccomp { get; init; } = "default";

    /// <summary>Paths hidden from the container, or null for Docker's list.</summary>
    public IReadOnlyList<string>? MaskedPaths { get; init; }

    /// <summary>Paths that are read-only in the container, or null for Docker's list.</summary>
    public IReadOnlyList<string>? ReadonlyPaths { get; init; }

    /// <summary>Paths of the host's devices that a launch may give to its container; none is given by itself.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>The network: <c>none</c>, <c>host</c>, or the name of one.</summary>
    public string Network { get; init; } = "none";

    /// <summary>What it may reach by its networks; null for everything.</summary>
    public EgressConfig? Egress { get; init; }
}
