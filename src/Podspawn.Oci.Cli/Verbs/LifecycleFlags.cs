using System.CommandLine;
using System.Globalization;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>The flags of <c>run</c> and <c>create</c> for a container's life after its start.</summary>
internal sealed class LifecycleFlags
{
    private readonly Option<string[]> label = new("--label", "-l") { HelpName = "KEY[=VALUE]", Description = "Remember this with the container",
        AllowMultipleArgumentsPerToken = false };
    private readonly Option<string?> restart = new("--restart") { HelpName = "no|on-failure[:N]|always", Description = "Whether to start it again when it has ended" };
    private readonly Option<bool> remove = new("--rm") { HelpName = "BOOL", Arity = ArgumentArity.ZeroOrOne,
        Description = "Remove it when it has ended; in the foreground it is removed unless --rm=false keeps it, with its log" };
    private readonly Option<string?> idFile = new("--cidfile") { HelpName = "FILE", Description = "Write its id to a file, which must not be there yet" };
    private readonly Option<bool> replace = new("--replace") { Description = "Remove a container that has its name first", Arity = ArgumentArity.Zero };
    private readonly Option<string?> timeout = new("--timeout") { HelpName = "SECONDS", Description = "Kill it after this time (default: session.max_lifetime of the config)" };
    private readonly Option<string?> stopSignal = new("--stop-signal") { HelpName = "SIGNAL", Description = "The signal that asks it to end (default: the image's, or TERM)" };
    private readonly Option<string?> stopTimeout = new("--stop-timeout") { HelpName = "SECONDS", Description = "How long stop waits before it kills (default: 10)" };
    private readonly Option<string?> pidFile = new("--pid-file", "--pidfile") { HelpName = "FILE", Description = "Write the process id of its first process to a file" };
    private readonly Option<string?> monitorPidFile = new("--conmon-pidfile") { HelpName = "FILE", Description = "Write the process id of its monitor to a file" };
    private readonly Option<string[]> requires = new("--requires") { HelpName = "NAME[,NAME...]", Description = "Start these containers first, at each start by a user",
        AllowMultipleArgumentsPerToken = false };
    private readonly Option<bool> init = new("--init") { Description = "Run a small init in it that passes signals on and reaps the dead", Arity = ArgumentArity.Zero };
    private readonly Option<string[]> logOpt = new("--log-opt") { HelpName = "KEY=VALUE", AllowMultipleArgumentsPerToken = false,
        Description = "max-size=SIZE begins the log anew at that size, path=FILE writes it elsewhere, tag=TEXT goes beside each entry of the journal" };

    private readonly Option<string?> logDriver = new("--log-driver") { HelpName = "k8s-file|journald|none",
        Description = "Where its output goes: to a file, which logs reads, to systemd's journal, or nowhere" };
    private readonly Option<string?> notify = NotifyFlag.Create();
    private readonly HealthFlags health = new();

    internal void AddTo(Command verb)
    {
        health.AddTo(verb);
        verb.Options.Add(logDriver);
        verb.Options.Add(notify);
        foreach (Option option in new Option[] { label, restart, remove, idFile, replace, timeout, stopSignal, stopTimeout, pidFile, monitorPidFile, requires, init, logOpt })
            verb.Options.Add(option);
    }

    /// <summary>Whether the user wants to keep a container whose end would remove it.</summary>
    internal bool Keeps(ParseResult parsed) => parsed.GetResult(remove) is { Implicit: false } && !Removes(parsed);

    /// <summary>The file for the id, reserved: to be called last before the launch; null for none.</summary>
    /// <exception cref="Podspawn.Oci.Errors.ContainerException">It is there already, or cannot be created.</exception>
    internal IdFile? ReserveIdFile(ParseResult parsed) => parsed.GetValue(idFile) is { } file ? IdFile.Reserve(file) : null;

    // A flag without its value is given.
    private bool Removes(ParseResult parsed) => parsed.GetResult(remove) is { Implicit: false } given && (given.Tokens.Count == 0 || parsed.GetValue(remove));

    /// <summary>Adds the user's flags to the options.</summary>
    /// <exception cref="UsageException">A flag is wrong.</exception>
    internal LaunchOptions Apply(ParseResult parsed, LaunchOptions options)
    {
        RestartPolicy policy = parsed.GetValue(restart) is { } text ? RestartPolicyText.Parse(text) : RestartPolicy.No;
        bool removes = Removes(parsed);
        if (removes && policy.Condition != RestartCondition.No)
            throw new UsageException("--rm and --restart exclude each other: what is removed cannot be started again; give one of them");
        return options with
        {
            Init = parsed.GetValue(init),
            Requires = [.. (parsed.GetValue(requires) ?? []).SelectMany(names => names.Split(',', StringSplitOptions.RemoveEmptyEntries))],
            Replace = parsed.GetValue(replace),
            Health = health.Read(parsed),
            CreateCommand = Nouns.WithoutNoun(CommandLine.FromVerb(Environment.GetCommandLineArgs()[1..])),
            Lifecycle = new LifecycleOptions
            {
                Labels = Labels(parsed.GetValue(label) ?? []),
                Restart = policy,
                Remove = removes,
                TimeoutSeconds = parsed.GetValue(timeout) is { } limit ? Seconds(limit, "--timeout") : (long)options.Config.Session.MaxLifetime.TotalSeconds,
                StopSignal = parsed.GetValue(stopSignal) is { } signal ? Signals.Parse(signal, "--stop-signal") : null,
                StopTimeoutSeconds = parsed.GetValue(stopTimeout) is { } grace ? (int)Seconds(grace, "--stop-timeout") : LifecycleOptions.DefaultStopTimeoutSeconds,
                PidFile = parsed.GetValue(pidFile) is { } file ? Path.GetFullPath(file) : null,
                MonitorPidFile = parsed.GetValue(monitorPidFile) is { } place ? Path.GetFullPath(place) : null,
                Notify = NotifyFlag.Read(parsed.GetValue(notify)),
                Log = LogFlags.Read(parsed.GetValue(logDriver), parsed.GetValue(logOpt) ?? []),
                LogSizeMax = LogFlags.SizeMax(parsed.GetValue(logOpt) ?? []),
            },
        };
    }

    /// <summary>A whole number of seconds.</summary>
    /// <exception cref="UsageException">The text is not a whole number.</exception>
    internal static long Seconds(string text, string flag) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds <= int.MaxValue
            ? seconds
            : throw new UsageException($"{flag}: '{text}' is no time; write a number of seconds from 0 to {int.MaxValue}");

    internal static Dictionary<string, string> Labels(string[] texts)
    {
        var labels = new Dictionary<string, string>();
        foreach (string text in texts)
        {
            int cut = text.IndexOf('=');
            string key = cut < 0 ? text : text[..cut];
            if (key.Length == 0)
                throw new UsageException($"--label: '{text}' is no label; write KEY or KEY=VALUE");
            labels[key] = cut < 0 ? "" : text[(cut + 1)..];
        }
        return labels;
    }
}
