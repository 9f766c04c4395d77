using System.Text;
using CliWrap;

namespace Podspawn.Oci.Images.Tools;

/// <summary>The output of a program that reads untrusted input: only its beginning and its last line are stored, however long it is.</summary>
internal sealed class ProgramOutput
{
    private const int Largest = 16 * 1024;
    private readonly StringBuilder beginning = new();
    private readonly StringBuilder line = new();

    /// <summary>The target to pass to the program's command.</summary>
    internal PipeTarget Target => PipeTarget.Create(async (stream, cancel) =>
    {
        byte[] buffer = new byte[Largest];
        int got;
        while ((got = await stream.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0)
            Take(Encoding.Latin1.GetString(buffer, 0, got));
    });

    /// <summary>The beginning of the output.</summary>
    internal string Beginning => beginning.ToString();

    /// <summary>The last whole line, or the beginning of it.</summary>
    internal string LastLine { get; private set; } = "";

    /// <summary>The number of lines.</summary>
    internal long Lines { get; private set; }

    private void Take(string text)
    {
        beginning.Append(text.AsSpan(0, Math.Min(text.Length, Largest - beginning.Length)));
        foreach (char c in text)
        {
            if (c != '\n')
            {
                if (line.Length < Largest)
                    line.Append(c);
                continue;
            }
            LastLine = line.ToString();
            Lines++;
            line.Clear();
        }
    }
}
