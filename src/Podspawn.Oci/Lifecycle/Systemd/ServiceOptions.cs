using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Lifecycle.Systemd;

/// <summary>Settings of a unit beyond what its container says.</summary>
public sealed record ServiceOptions
{
    private static readonly string[] Policies = ["no", "on-success", "on-failure", "on-abnormal", "on-watchdog", "on-abort", "always"];

    /// <summary><c>--restart-policy</c>: systemd's word for when to restart the container; null for the container's own policy.</summary>
    public string? RestartPolicy { get; init; }

    /// <summary><c>--stop-timeout</c>: seconds between the stop signal and SIGKILL; null for the container's own.</summary>
    public long? StopTimeoutSeconds { get; init; }

    /// <summary><c>--wants</c>: units to start with it.</summary>
    public IReadOnlyList<string> Wants { get; init; } = [];

    /// <summary><c>--after</c>: units to start before it.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary><c>--requires</c>: units without which it cannot run.</summary>
    public IReadOnlyList<string> Requires { get; init; } = [];

    /// <exception cref="ContainerException">An option is wrong.</exception>
    internal void Check()
    {
        if (RestartPolicy is { } policy && !Policies.Contains(policy))
            throw new ContainerException($"{Setting.RestartPolicy}: '{policy}' is none of systemd's; use one of {string.Join(", ", Policies)}");
        foreach ((Setting setting, IReadOnlyList<string> units) in new[] { (Setting.Wants, Wants), (Setting.After, After), (Setting.Requires, Requires) })
        {
            if (units.FirstOrDefault(unit => !IsUnitName(unit)) is { } bad)
                throw new ContainerException($"{setting}: '{bad}' is no name of a unit; write one such as network-online.target");
        }
    }

    // systemd.unit(5), "Description": a name, a dot, and a type.
    private static bool IsUnitName(string text) =>
        text.Length is > 0 and < 256 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '-' or '_' or '.' or '\\' or '@')
        && text.LastIndexOf('.') is > 0 and int dot && dot < text.Length - 1;
}
