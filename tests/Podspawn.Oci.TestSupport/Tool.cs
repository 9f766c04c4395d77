using CliWrap;

namespace Podspawn.Oci.TestSupport;

/// <summary>Programs of the host that tests and benchmarks use.</summary>
internal static class Tool
{
    /// <summary>Runs a program, which must succeed.</summary>
    /// <returns>Its standard output.</returns>
    /// <exception cref="InvalidOperationException">It failed: the message has its arguments, its status and its standard error.</exception>
    internal static string Run(string program, params IReadOnlyList<string> arguments)
    {
        Outcome outcome = Try(program, arguments);
        return outcome.Status == 0 ? outcome.Text
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: exit status {outcome.Status}: {outcome.Error}");
    }

    /// <summary>Runs a program, which may fail.</summary>
    internal static Outcome Try(string program, params IReadOnlyList<string> arguments) =>
        Outcome.Of(Cli.Wrap(program).WithArguments(arguments)).GetAwaiter().GetResult();
}
