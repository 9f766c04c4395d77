using System.Globalization;
using System.Text;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.Spec;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle.Systemd;

/// <summary>
/// A systemd unit that creates a container at each start, in the foreground: a container does not outlive a reboot, systemd is the monitor, and the
/// journal is the log.
/// </summary>
/// <param name="FileName">The unit's name.</param>
/// <param name="Text">The unit.</param>
public sealed record ServiceUnit(string FileName, string Text)
{
    private const UnixFileMode EverybodyReads = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    // Docker's rule: a run of this length resets the count of failures.
    private const int SecondsOfSuccess = 10;

    /// <summary>Builds the unit for a container.</summary>
    /// <param name="container">The container.</param>
    /// <param name="options">Settings beyond what the container says.</param>
    /// <param name="command">The commands of the unit.</param>
    /// <exception cref="ContainerException">The container cannot be created again from its record, or an option is wrong.</exception>
    public static ServiceUnit Of(Container container, ServiceOptions options, ServiceCommand command)
    {
        options.Check();
        ContainerDefinition definition = container.Definition;
        if (definition.CreateCommand.Count == 0)
            throw LifecycleErrors.Of($"container '{container.Name}': the words that made it are not known, as it was made by an earlier version; make it again, and then its unit");
        string directory = UnitText.Path(definition.CreatedIn)
            ?? throw LifecycleErrors.Of($"container '{container.Name}': systemd cannot be told of the directory that it was made in, for the characters of its name; make it in " +
                $"another, with absolute paths");
        return new ServiceUnit($"podspawn-oci-{container.Name}.service", Write(container, options, command, directory));
    }

    /// <summary>The variables of a container's first process, as <c>NAME=value</c>; empty where they are not known.</summary>
    public static IReadOnlyList<string> EnvironmentOf(Container container) =>
        File.Exists(container.Paths.Config) ? SpecJson.Deserialize(File.ReadAllBytes(container.Paths.Config)).Process.Env ?? [] : [];

    /// <summary>Writes the unit to a directory, replacing an old one.</summary>
    /// <returns>The file's path.</returns>
    /// <exception cref="ContainerException">The file cannot be written.</exception>
    public string WriteTo(string directory)
    {
        string path = System.IO.Path.Combine(directory, FileName);
        try
        {
            PendingFile.WriteForUser(path, Encoding.UTF8.GetBytes(Text), EverybodyReads);
            return path;
        }
        catch (IOException e)
        {
            throw LifecycleErrors.Of($"{Setting.Files}: {path}: {e.Message}; go to a directory that can be written, or leave the flag away");
        }
    }

    private static string Write(Container container, ServiceOptions options, ServiceCommand command, string directory)
    {
        LifecycleOptions keep = container.Definition.Lifecycle;
        int signal = keep.StopSignal ?? Signals.Terminate;
        string removal = UnitText.CommandLine(command.Program, command.Remove);
        string identifier = $"podspawn-oci-{container.Name}";
        var text = new StringBuilder();
        void Line(string line) => text.Append(line).Append('\n');

        Line($"# {identifier}.service");
        Line($"# Made by: {command.MadeBy}");
        Line($"# What the container writes: journalctl -t {identifier}");
        Line("");
        Line("[Unit]");
        Line($"Description=Podspawn.Oci container {container.Name}");
        Line($"Wants={string.Join(' ', options.Wants.Prepend("network-online.target"))}");
        Line($"After={string.Join(' ', options.After.Prepend("network-online.target"))}");
        if (options.Requires.Count > 0)
            Line($"Requires={string.Join(' ', options.Requires)}");
        Line($"RequiresMountsFor={StateLayout.Default.DataDirectory}");
        foreach (string line in StartLimit(keep.Restart, options))
            Line(line);
        Line("");
        Line("[Service]");
        Line("Type=exec");
        Line($"WorkingDirectory={directory}");
        Line($"ExecStartPre=-{removal}");
        Line($"ExecStart={UnitText.CommandLine(command.Program, command.Run)}");
        Line($"ExecStopPost=-{removal}");
        Line($"Restart={options.RestartPolicy ?? Restart(keep.Restart)}");
        Line("RestartSec=1");
        if (signal != Signals.Terminate)
            Line(string.Create(CultureInfo.InvariantCulture, $"KillSignal={signal}"));
        Line(string.Create(CultureInfo.InvariantCulture, $"SuccessExitStatus={ExitCodes.OfSignal(signal)}"));
        // The journal attributes lines of a process by its cgroup, and the container's cgroup is not the service's.
        Line($"SyslogIdentifier={identifier}");
        Line("KillMode=mixed");
        Line($"TimeoutStopSec={Timeout(options.StopTimeoutSeconds ?? keep.StopTimeoutSeconds)}");
        Line("Delegate=yes");
        Line("");
        Line("[Install]");
        Line("WantedBy=multi-user.target default.target");
        return text.ToString();
    }

    // podman's default: a container without a policy is restarted after failures.
    private static string Restart(RestartPolicy policy) => policy.Condition == RestartCondition.Always ? "always" : "on-failure";

    // Without a policy, systemd's own limit for starts in a row applies.
    private static IEnumerable<string> StartLimit(RestartPolicy policy, ServiceOptions options)
    {
        if (options.RestartPolicy is not null || policy.Condition == RestartCondition.No)
            return [];
        if (policy is not { Condition: RestartCondition.OnFailure, MaximumRetries: > 0 and int retries })
            return ["StartLimitIntervalSec=0"];
        // The first start counts as well.
        long starts = retries + 1L;
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"StartLimitIntervalSec={starts * SecondsOfSuccess}"),
            string.Create(CultureInfo.InvariantCulture, $"StartLimitBurst={starts}"),
        ];
    }

    // To systemd, 0 would mean no timeout (systemd.service(5), TimeoutStopSec=).
    private static string Timeout(long seconds) => seconds switch
    {
        < 0 => "infinity",
        0 => "1ms",
        _ => seconds.ToString(CultureInfo.InvariantCulture),
    };
}
