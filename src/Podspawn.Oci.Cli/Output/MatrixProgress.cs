using System.Globalization;
using Podspawn.Oci.Matrix;
using Spectre.Console;

namespace Podspawn.Oci.Cli.Output;

/// <summary>The progress of a matrix on stderr: live on a terminal, otherwise a line for each cell.</summary>
internal sealed class MatrixProgress
{
    private readonly int total;
    private readonly ProgressTask? bar;
    private readonly List<CellKey> running = [];
    private int done;
    private int unexpected;

    private MatrixProgress(int total, ProgressTask? bar)
    {
        this.total = total;
        this.bar = bar;
    }

    /// <summary>Runs an action that reports its progress.</summary>
    internal static T Show<T>(int total, Func<MatrixProgress, T> action)
    {
        if (Console.IsErrorRedirected)
            return action(new MatrixProgress(total, null));
        // A console of its own: the tables go to stdout, which may be a terminal or not independently of stderr.
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Streams.Error),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
        });
        return console.Progress()
            .AutoClear(true)
            .Columns(new SpinnerColumn(Spinner.Known.Line), new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context => action(new MatrixProgress(total, context.AddTask("starting", maxValue: total))));
    }

    /// <summary>A cell has begun.</summary>
    internal void Began(CellKey cell)
    {
        running.Add(cell);
        Describe();
    }

    /// <summary>A cell has ended.</summary>
    internal void Ended(CellReport cell)
    {
        running.Remove(cell.Key);
        done++;
        unexpected += cell.AsExpected ? 0 : 1;
        bar?.Increment(1);
        Describe();
        if (bar is null)
            Streams.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"[{done}/{total}] {cell.Key}: {MatrixWords.Of(cell.Result)}{Remark(cell)} ({cell.Seconds:0.00} s)"));
    }

    private static string Remark(CellReport cell) => cell switch
    {
        { AsExpected: false } => $", UNEXPECTED: {MatrixWords.Of(cell.Expected)} was expected",
        { Reason: not null } => ", as expected",
        _ => "",
    };

    private void Describe()
    {
        if (bar is not null)
            bar.Description = Markup.Escape($"{done} of {total}{(unexpected > 0 ? $", {unexpected} unexpected" : "")}: {string.Join(", ", running.Take(2))}");
    }
}
