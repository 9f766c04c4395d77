using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Native;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Runtimes;

/// <summary>Describes how to call an OCI runtime: its traits, and the arguments of each verb.</summary>
/// <param name="Program">The program's absolute path.</param>
/// <param name="Version">What the program answers to <c>--version</c>.</param>
public abstract record RuntimeDriver(string Program, RuntimeVersion Version)
{
    /// <summary>How the runtime handles what the spec asks for.</summary>
    public abstract RuntimeTraits Traits { get; }

    /// <summary>Finds the driver for a program.</summary>
    /// <exception cref="RuntimeException">The program is not an OCI runtime, or one that has no driver.</exception>
    public static RuntimeDriver For(string program, string? cacheDirectory, ISignalSource? signals) =>
        For(program, RuntimeVersion.Of(program, cacheDirectory, signals));

    /// <summary>The driver for a program whose version is known.</summary>
    /// <exception cref="RuntimeException">The runtime has no driver.</exception>
    public static RuntimeDriver For(string program, RuntimeVersion version) => version.Name switch
    {
        "runc" => new RuncDriver(program, version),
        "crun" => new CrunDriver(program, version),
        "runsc" => new RunscDriver(program, version),
        _ => throw new RuntimeException($"{program}: no driver for the OCI runtime '{version.Name}'; name runc, crun or runsc with {Setting.Runtime}"),
    };

    /// <summary>The table of a runtime's releases; null for one that has no driver.</summary>
    internal static TraitTable? TableOf(string name) => name switch
    {
        "runc" => RuncTraits.Table,
        "crun" => CrunTraits.Table,
        "runsc" => RunscTraits.Table,
        _ => null,
    };

    /// <summary>The same runtime with the user's additional flags before every verb.</summary>
    /// <param name="flags">With or without leading dashes: <c>platform=ptrace</c>.</param>
    /// <exception cref="RuntimeException">A text is not a flag.</exception>
    public RuntimeDriver With(IReadOnlyList<string> flags)
    {
        if (flags.FirstOrDefault(flag => flag.TrimStart('-').Length == 0 || flag.Contains('\0')) is { } bad)
            throw new RuntimeException($"{Setting.RuntimeFlag}: '{bad.Replace("\0", "\\0",
                StringComparison.Ordinal)}' is no flag; write NAME or NAME=VALUE, as in {Setting.RuntimeFlag} debug");
        return this with { OwnFlags = [.. flags.Select(flag => flag.StartsWith('-') ? flag : $"--{flag}")] };
    }

    /// <summary>The user's additional flags.</summary>
    public IReadOnlyList<string> OwnFlags { get; private init; } = [];

    /// <summary>The arguments that come before the verb.</summary>
    public IReadOnlyList<string> BeforeVerb(RuntimeCall call, NetworkMode network) => [.. Global(call, network), .. OwnFlags];

    /// <summary>The arguments of <c>start</c>, which starts a created container's command.</summary>
    public IReadOnlyList<string> Start(RuntimeCall call, NetworkMode network) => [.. BeforeVerb(call, network), "start", "--", call.ContainerId];

    /// <summary>The arguments of <c>state</c>, which describes a container in JSON.</summary>
    public IReadOnlyList<string> State(RuntimeCall call) => [.. BeforeVerb(call, NetworkMode.None), "state", "--", call.ContainerId];

    /// <summary>The arguments of <c>resume</c>, which thaws frozen processes.</summary>
    public IReadOnlyList<string> Resume(RuntimeCall call) => [.. BeforeVerb(call, NetworkMode.None), "resume", "--", call.ContainerId];

    /// <summary>The arguments of a <c>run</c>.</summary>
    public IReadOnlyList<string> Run(RuntimeCall call, NetworkMode network, string bundle, string pidFile, string? consoleSocket, int preservedDescriptors = 0)
    {
        List<string> arguments = Making("run", call, network, bundle, pidFile, consoleSocket, preservedDescriptors);
        if (Traits.LeavesContainerProcess)
            arguments.Add("--detach");
        return [.. arguments, "--", call.ContainerId];
    }

    /// <summary>The arguments of <c>create</c>, which does the same as <c>run</c> and leaves the command to <see cref="Start"/>.</summary>
    public IReadOnlyList<string> Create(RuntimeCall call, NetworkMode network, string bundle, string pidFile, string? consoleSocket, int preservedDescriptors = 0) =>
        [.. Making("create", call, network, bundle, pidFile, consoleSocket, preservedDescriptors), "--", call.ContainerId];

    /// <summary>The arguments of <c>exec</c>, which starts another process in a container.</summary>
    /// <param name="call">The options of every call.</param>
    /// <param name="process">The file that describes the process (config.md, "Process").</param>
    /// <param name="pidFile">The file to which the runtime writes its process id on the host.</param>
    /// <param name="insidePidFile">The file to which the runtime writes its process id inside, where the runtime stays with the process.</param>
    /// <param name="consoleSocket">The socket that receives its terminal; null for no terminal.</param>
    /// <param name="detached">Whether the runtime returns when the process runs.</param>
    /// <param name="preservedDescriptors">How many descriptors from 3 on the process inherits.</param>
    public IReadOnlyList<string> Exec(
        RuntimeCall call, string process, string pidFile, string insidePidFile, string? consoleSocket, bool detached, int preservedDescriptors = 0)
    {
        List<string> arguments = [.. BeforeVerb(call, NetworkMode.None), "exec", "--process", process, "--pid-file", pidFile];
        if (consoleSocket is not null)
            arguments.AddRange(["--console-socket", consoleSocket]);
        if (!Traits.LeavesContainerProcess)
            arguments.AddRange(["--internal-pid-file", insidePidFile]);
        if (preservedDescriptors > 0)
            arguments.AddRange(["--preserve-fds", Number(preservedDescriptors)]);
        if (detached)
            arguments.Add("--detach");
        arguments.AddRange(["--", call.ContainerId]);
        return arguments;
    }

    /// <summary>The arguments of a <c>kill</c> that sends a signal to one process inside, for a runtime that stays with what it starts.</summary>
    public IReadOnlyList<string> KillInside(RuntimeCall call, int pidInside, int signal) =>
        [.. BeforeVerb(call, NetworkMode.None), "kill", "--pid", Number(pidInside), "--", call.ContainerId, Number(signal)];

    /// <summary>The arguments of <c>delete --force</c>, which ends and forgets a container in any state.</summary>
    public IReadOnlyList<string> Delete(RuntimeCall call) => [.. BeforeVerb(call, NetworkMode.None), "delete", "--force", "--", call.ContainerId];

    /// <summary>The arguments of <c>kill</c>, which sends a signal to the container's process.</summary>
    public IReadOnlyList<string> Kill(RuntimeCall call, int signal) =>
        [.. BeforeVerb(call, NetworkMode.None), "kill", "--", call.ContainerId, Number(signal)];

    /// <summary>The arguments of <c>pause</c>, which freezes a container's processes.</summary>
    public IReadOnlyList<string> Pause(RuntimeCall call) => [.. BeforeVerb(call, NetworkMode.None), "pause", "--", call.ContainerId];

    /// <summary>The arguments of <c>update</c>, which changes the limits of a running container.</summary>
    /// <param name="call">The container.</param>
    /// <param name="resources">A file with the limits to change, as <c>linux.resources</c> of config.json has them.</param>
    public IReadOnlyList<string> Update(RuntimeCall call, string resources) =>
        [.. BeforeVerb(call, NetworkMode.None), "update", "--resources", resources, "--", call.ContainerId];

    /// <summary>The arguments of <c>ps</c>, which lists a container's processes.</summary>
    public IReadOnlyList<string> Processes(RuntimeCall call) => [.. BeforeVerb(call, NetworkMode.None), "ps", "--", call.ContainerId];

    /// <summary>The arguments of <c>events --stats</c>, which reports in JSON what a container uses.</summary>
    public IReadOnlyList<string> Statistics(RuntimeCall call) => [.. BeforeVerb(call, NetworkMode.None), "events", "--stats", "--", call.ContainerId];

    /// <summary>What the runtime's own records say about a failed launch beyond its message; null where they say nothing.</summary>
    public virtual string? CauseOfFailure(RuntimeCall call) => null;

    private List<string> Making(string verb, RuntimeCall call, NetworkMode network, string bundle, string pidFile, string? consoleSocket, int preservedDescriptors)
    {
        List<string> arguments = [.. BeforeVerb(call, network), verb, "--bundle", bundle, "--pid-file", pidFile];
        if (consoleSocket is not null)
            arguments.AddRange(["--console-socket", consoleSocket]);
        if (preservedDescriptors > 0)
            arguments.AddRange(["--preserve-fds", Number(preservedDescriptors)]);
        return arguments;
    }

    private static string Number(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Flags that come before every verb.</summary>
    protected virtual List<string> Global(RuntimeCall call, NetworkMode network) =>
        ["--root", call.Root, "--log", call.Log, "--log-format", "json"];
}

/// <summary>The options that every call of a runtime needs.</summary>
/// <param name="ContainerId">The container's id, checked.</param>
/// <param name="Root">The runtime's state directory.</param>
/// <param name="Log">The file for the runtime's own log.</param>
public sealed record RuntimeCall(string ContainerId, string Root, string Log)
{
    /// <summary>The privileges that the spec grants: needed for calls that start processes.</summary>
    public RuntimeGrants Grants { get; init; }
}
