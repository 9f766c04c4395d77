using System.Text;
using Podspawn.Oci.Terminals;

namespace Podspawn.Oci.Cli.Output;

/// <summary>
/// Lines that are redrawn again and again on a terminal. The terminal's state is never changed, so that it stays as it was, with the last lines on
/// it, whatever ends us.
/// </summary>
internal sealed class LiveScreen
{
    private const string Home = "\u001b[H";
    private const string ClearAll = "\u001b[2J";
    private const string ClearLine = "\u001b[K";
    private const string ClearBelow = "\u001b[J";

    private bool drawn;

    /// <summary>Draws the lines, cut to the terminal's size: lines that wrap or scroll could not be redrawn.</summary>
    internal void Show(IEnumerable<string> lines)
    {
        (int most, int width) = TerminalSize.TryGet(1, out int rows, out int columns) ? (Math.Max(1, rows - 1), columns) : (int.MaxValue, int.MaxValue);
        var text = new StringBuilder(drawn ? Home : Home + ClearAll);
        foreach (string line in lines.Take(most))
            text.Append(line.Length > width ? line[..width] : line).Append(ClearLine).Append("\r\n");
        Streams.Output.Write(text.Append(ClearBelow));
        drawn = true;
    }
}
