using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.Matrix.Running;

/// <summary>Turns the outcome of a cell's process into its result. Pure.</summary>
internal static class CellJudge
{
    private const int MostReported = 64 << 10;

    /// <summary>The report of a cell.</summary>
    public static CellReport Of(MatrixCell cell, MatrixProbe probe, CellOutcome end, TimeSpan limit)
    {
        var report = new CellReport
        {
            Runtime = cell.Key.Runtime,
            Config = cell.Key.Config,
            Bundle = cell.Key.Bundle,
            Probe = cell.Key.Probe,
            Expected = cell.Expected,
            Reason = cell.Reason,
            Result = CellResult.Error,
            Seconds = Math.Round(end.Elapsed.TotalSeconds, 3),
            Expectation = probe.Command is { } command ? WishOf(command) : "",
            Command = probe.Command?.Arguments,
            ExitStatus = end.ExitStatus,
            Errors = Bounded(end.Errors),
            Output = probe.Command is null ? null : Bounded(end.Output),
        };
        if (end.ExitStatus is null)
            return report with { Result = CellResult.TimeLimit, Shortfalls = [$"ended at its time limit of {limit.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s"] };
        return probe.Command is { } asked ? OfCommand(report, asked, end) : OfFinding(report, end);
    }

    private static CellReport OfFinding(CellReport report, CellOutcome end)
    {
        Finding? finding = end.ExitStatus is ExitCodes.Success or ExitCodes.Failure ? Read(end.Output) : null;
        if (finding is null)
            return report with { Shortfalls = [Cause(end)] };
        return report with
        {
            Expectation = finding.Expectation,
            Evidence = [.. finding.Evidence, .. AttackLines.Of(finding, _ => true)],
            Shortfalls = finding.Shortfalls,
            Notes = finding.Notes,
            Result = finding.Result switch
            {
                FindingResult.Holds => CellResult.Holds,
                FindingResult.HoldsDifferently => CellResult.HoldsDifferently,
                _ => CellResult.FallsShort,
            },
        };
    }

    private static CellReport OfCommand(CellReport report, CommandProbe asked, CellOutcome end)
    {
        string output = end.Output.TrimEnd('\n', '\r');
        List<string> shortfalls = [];
        if (end.ExitStatus != asked.ExitStatus)
            shortfalls.Add($"exit status {end.ExitStatus}, expected {asked.ExitStatus}");
        if (asked.Output is { } whole && output != whole.TrimEnd('\n', '\r'))
            shortfalls.Add("the output is another than expected");
        if (asked.OutputPattern is { } pattern && !Regex.IsMatch(output, pattern, RegexOptions.Multiline | RegexOptions.NonBacktracking))
            shortfalls.Add($"the output does not match {pattern}");
        bool neverRan = end.ExitStatus == ExitCodes.LaunchFailed && asked.ExitStatus != ExitCodes.LaunchFailed;
        return report with
        {
            Evidence = [$"exit status {end.ExitStatus}"],
            Shortfalls = neverRan ? [Cause(end)] : shortfalls,
            Result = neverRan ? CellResult.Error : shortfalls.Count == 0 ? CellResult.Holds : CellResult.FallsShort,
        };
    }

    private static Finding? Read(string json)
    {
        try
        {
            return VerificationJson.Deserialize(System.Text.Encoding.UTF8.GetBytes(json)).Findings is [var only] ? only : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string WishOf(CommandProbe command) =>
        $"exit status {command.ExitStatus}{(command.Output is { } output ? $", output '{output}'"
            : "")}{(command.OutputPattern is { } pattern ? $", output that matches {pattern}" : "")}";

    private static string Cause(CellOutcome end) =>
        end.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .LastOrDefault(line => !line.Contains(": note: ", StringComparison.Ordinal) && !line.Contains(": warning: ", StringComparison.Ordinal))
        ?? $"ended with status {end.ExitStatus} and gave no reason";

    private static string Bounded(string text) => text.Length <= MostReported ? text : text[..MostReported];
}
