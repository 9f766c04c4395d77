using System.Globalization;
using CliWrap;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle;

/// <summary>
/// Has systemd call this program for each check (systemd-run(1)), as podman does. There is no daemon of ours: on a host without systemd nobody checks
/// by itself.
/// </summary>
internal static class HealthTimer
{
    // sd_booted(3), and the address of systemd's own socket, which systemd-run uses as root.
    private const string Booted = "/run/systemd/system", Socket = "/run/systemd/private";
    private const string Runner = "systemd-run", Controller = "systemctl";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Why nothing checks by itself here; null where systemd does.</summary>
    internal static string? WhyNot() => PathCalls.Access(Booted, 0) != 0 || PathCalls.Access(Socket, 0) != 0 ? "this host was not booted by systemd"
        : HostProgram.Find(Runner) is null ? HostProgram.WhyNot(Runner)
        : HostProgram.Find(Controller) is null ? HostProgram.WhyNot(Controller)
        : null;

    /// <summary>The arguments of systemd-run for a container's checks.</summary>
    internal static IReadOnlyList<string> Arguments(string id, HealthCheck check, string program, IReadOnlyList<string> words)
    {
        string seconds = check.Interval.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        return
        [
            "--quiet", "--collect", $"--unit={UnitOf(id)}", $"--on-active={seconds}s", $"--on-unit-inactive={seconds}s",
            "--timer-property=AccuracySec=1s", "--", program, .. words, id,
        ];
    }

    /// <summary>Starts the checks of a container that has one; a failure is left to whoever checks by hand.</summary>
    internal static void Start(LockedContainer held, ExitCommand exit)
    {
        if (held.Definition.Health is not { Interval.Ticks: > 0 } check || exit.HealthArguments.Count == 0 || WhyNot() is not null)
            return;
        // A check of the run before may still be on its way: while its service is there, systemd takes no other of that name.
        Call(Controller, ["stop", $"{UnitOf(held.Definition.Id)}.timer", $"{UnitOf(held.Definition.Id)}.service"]);
        Call(Runner, Arguments(held.Definition.Id, check, exit.Program, exit.HealthArguments));
    }

    /// <summary>Ends the checks.</summary>
    internal static void Stop(ContainerDefinition definition)
    {
        if (definition.Health is { Interval.Ticks: > 0 } && WhyNot() is null)
            Call(Controller, ["stop", $"{UnitOf(definition.Id)}.timer"]);
    }

    private static string UnitOf(string id) => $"podspawn-oci-health-{id}";

    private static void Call(string program, IReadOnlyList<string> arguments)
    {
        using var nothing = ChildStreams.Null();
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            CommandTask<CommandResult> running = RuntimeProcess.Start(HostProgram.Find(program)!, arguments, new Dictionary<string, string?>(), ownSession: false, nothing);
            _ = running.Task.WaitAsync(limit.Token).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is OperationCanceledException or RuntimeException)
        {
            // The container runs all the same, and its health is what was checked last.
        }
    }
}
