using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Lifecycle.Attaching;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>The flags of every verb that attaches to a container, and its message at the end.</summary>
internal sealed class AttachFlags
{
    private readonly Option<string?> detachKeys = DetachKeysFlag.Create();
    private readonly Option<bool> sigProxy = new("--sig-proxy")
    {
        HelpName = "BOOL",
        Description = "Pass signals on to a container without a terminal",
        DefaultValueFactory = _ => true,
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>Adds them to a verb.</summary>
    internal void AddTo(Command verb)
    {
        verb.Options.Add(sigProxy);
        verb.Options.Add(detachKeys);
    }

    /// <summary>Reads the user's flags.</summary>
    /// <exception cref="Terminals.TerminalException">The detach keys are invalid.</exception>
    internal AttachOptions Read(ParseResult parsed, bool input) => new()
    {
        Input = input,
        ProxySignals = parsed.GetValue(sigProxy),
        DetachKeys = DetachKeysFlag.Read(parsed, detachKeys),
    };

    /// <summary>Refuses flags that say something which a container that goes with its end cannot do.</summary>
    /// <exception cref="UsageException">One of them is given.</exception>
    internal void RefuseForDiscarded(ParseResult parsed)
    {
        if (parsed.GetValue(detachKeys) is not null)
            throw new UsageException("--detach-keys: a container in the foreground goes with its launch, and cannot be left; add --rm=false to keep it, or --detach");
        if (!parsed.GetValue(sigProxy))
            throw new UsageException("--sig-proxy: a container in the foreground goes with its launch, and gets its signals; add --rm=false to keep it");
    }

    /// <summary>The exit status; also tells the user that the detach keys were recognized.</summary>
    internal static int StatusOf(AttachEnding ending)
    {
        if (ending.Why == DetachReason.Detached)
            Streams.Error.WriteLine(DetachKeysFlag.Left);
        return ending.Status ?? 0;
    }
}
