using System.CommandLine;
using Podspawn.Oci.Lifecycle.Attaching;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>The flag <c>--attach</c> of <c>run</c>: which of the container's streams are ours.</summary>
internal sealed class StreamFlag
{
    private const string Input = "stdin", Output = "stdout", Errors = "stderr";

    private readonly Option<string[]> attach = new("--attach", "-a")
    {
        HelpName = "STREAM",
        Description = "Pass only this one on: stdin, stdout or stderr (several times for several; default: all)",
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>Adds it to a verb.</summary>
    internal void AddTo(Command verb) => verb.Options.Add(attach);

    /// <summary>Whether the container's output is not for us, so that its id is printed instead.</summary>
    internal bool WantsId(ParseResult parsed) => Given(parsed) is { Length: > 0 } streams && streams.All(stream => stream == Input);

    /// <summary>The way to attach, with the streams that were asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">The way to attach without the flag.</param>
    /// <exception cref="UsageException">A word is no stream.</exception>
    internal AttachOptions Apply(ParseResult parsed, AttachOptions options)
    {
        string[] streams = Given(parsed);
        return streams.Length == 0
            ? options
            : options with { Input = options.Input && streams.Contains(Input), Output = streams.Contains(Output), Errors = streams.Contains(Errors) };
    }

    /// <summary>Refuses the flag where the container has our own streams, or none of ours.</summary>
    /// <exception cref="UsageException">It is given, and asks for less than both outputs.</exception>
    internal void RefuseUnlessKept(ParseResult parsed, bool detached)
    {
        string[] streams = Given(parsed);
        if (detached && streams.Length > 0)
            throw new UsageException("--attach and --detach exclude each other; give one of them");
        if (streams.Length > 0 && !(streams.Contains(Output) && streams.Contains(Errors)))
            throw new UsageException("--attach: a container that goes with its end has our own streams; add --rm=false to keep it with its log, or lead a stream to /dev/null");
    }

    private string[] Given(ParseResult parsed)
    {
        string[] streams = [.. (parsed.GetValue(attach) ?? []).Select(stream => stream.ToLowerInvariant())];
        return streams.FirstOrDefault(stream => stream is not (Input or Output or Errors)) is { } other
            ? throw new UsageException($"--attach: '{Printable.Clean(other)}' is no stream; use stdin, stdout or stderr")
            : streams;
    }
}
