using System.Text;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Cli.Output;

/// <summary>
/// Our stdout and stderr. Not Console.Out and Console.Error: those prepare the terminal for programs that read keys, and write control
/// sequences to it, while the terminal is the container's.
/// </summary>
internal static class Streams
{
    private static TextWriter? output;
    private static TextWriter? error;

    internal static TextWriter Output => output ??= Open(new DescriptorStream(1));

    internal static TextWriter Error => error ??= Open(new DescriptorStream(2, mayBeGone: true));

    /// <summary>Sends what we print to standard output nowhere, from now on. A container's own output goes on.</summary>
    internal static void DropOutput() => output = TextWriter.Null;

    private static StreamWriter Open(DescriptorStream stream) => new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
}
