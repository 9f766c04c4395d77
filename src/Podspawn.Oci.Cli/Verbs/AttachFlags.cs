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

    /// <summary>The exit status; also tells the user that the detach keys were recognized.</summary>
    internal static int StatusOf(AttachEnding ending)
    {
        if (ending.Why == DetachReason.Detached)
            Streams.Error.WriteLine(DetachKeysFlag.Left);
        return ending.Status ?? 0;
    }
}
