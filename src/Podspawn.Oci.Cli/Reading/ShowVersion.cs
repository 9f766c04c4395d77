using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using Podspawn.Oci.Cli.Output;

namespace Podspawn.Oci.Cli.Reading;

/// <summary><c>--version</c>: the program's name and its version, as podman says its own.</summary>
internal sealed class ShowVersion : SynchronousCommandLineAction
{
    /// <summary>The version of this program.</summary>
    internal static string Own => typeof(ShowVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public override int Invoke(ParseResult parseResult)
    {
        Streams.Output.WriteLine($"{CommandLine.ProgramName} version {Own}");
        return 0;
    }
}
