using System.Globalization;
using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Terminals;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Output;

/// <summary>
/// The progress of a fetch on stderr: on a terminal one line with a bar that is redrawn, elsewhere a line for each stage. We draw it ourselves, since
/// a launch may follow: a console library would change the terminal that the container gets next.
/// </summary>
internal sealed class FetchProgress(bool quiet) : IFetchWatcher
{
    private const int BarWidth = 24;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly bool live = !quiet && TerminalSize.IsTerminal(2);
    private string image = "";
    private FetchStage stage;
    private long total;
    private DateTime drawn;
    private bool dirty;

    /// <summary>The options with a watcher for a fetch that may precede the launch.</summary>
    internal static LaunchOptions For(LaunchOptions options, bool quiet) =>
        options.Image is { } image ? options with { Image = image with { Watcher = new FetchProgress(quiet) } } : options;

    public bool WantsTotals => live;

    public void Begin(string image, FetchStage stage, long total)
    {
        (this.image, this.stage, this.total) = (image, stage, total);
        if (live)
            Draw(0);
        else if (!quiet)
            Streams.Error.WriteLine($"podspawn-oci: {Word(stage)} {image}");
    }

    public void Advance(long done)
    {
        if (live && DateTime.UtcNow - drawn >= Pause)
            Draw(done);
    }

    public void End()
    {
        if (dirty)
            Streams.Error.Write("\r\u001b[K");
        dirty = false;
    }

    private void Draw(long done)
    {
        drawn = DateTime.UtcNow;
        dirty = true;
        string amount = ByteSize.Format(done);
        if (total > 0)
        {
            double part = Math.Min(1, (double)done / total);
            int filled = (int)(part * BarWidth);
            amount = string.Create(CultureInfo.InvariantCulture,
                $"[{new string('#', filled)}{new string('.', BarWidth - filled)}] {part * 100,3:0}%  {ByteSize.Format(Math.Min(done, total))} / {ByteSize.Format(total)}");
        }
        string line = $"{Word(stage)} {image}  {amount}";
        int width = TerminalSize.TryGet(2, out _, out int columns) ? columns - 1 : 79;
        // A line that is too long would wrap, and could not be redrawn: the name is shortened, since the amount is what changes.
        if (line.Length > width)
            line = line.Length - width < image.Length ? $"{Word(stage)} {image[(line.Length - width)..]}  {amount}" : line[..Math.Max(1, width)];
        Streams.Error.Write($"\r\u001b[K{line}");
    }

    private static string Word(FetchStage stage) => stage switch
    {
        FetchStage.Fetching => "fetching",
        FetchStage.Importing => "importing",
        FetchStage.Converting => "converting",
        FetchStage.Sending => "sending",
        FetchStage.Committing => "committing",
        _ => "unpacking",
    };
}
