using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using Podspawn.Oci.Cli.Output;

namespace Podspawn.Oci.Cli.Reading;

/// <summary><c>--version</c>: the program's name and its version, as podman says its own.</summary>
internal sealed class ShowVersion : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        string version = typeof(ShowVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        Streams.Output.WriteLine($"{CommandLine.ProgramName} version {version}");
        return 0;
    }
}
