using System.Diagnostics;

namespace Podspawn.Oci.Benchmarks;

/// <summary>A command whose wall time is measured, from its start to its exit.</summary>
internal sealed record Contender(string Name, string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Times two contenders in turn, so that other load on the machine falls on both.</summary>
    /// <param name="first">The first one in each turn.</param>
    /// <param name="second">The second one in each turn.</param>
    /// <param name="warmUps">The number of turns that do not count, before those that do.</param>
    /// <param name="runs">The number of turns that count.</param>
    /// <returns>The milliseconds of the turns that count, each pair at the same index.</returns>
    internal static (List<double> First, List<double> Second) InTurns(Contender first, Contender second, int warmUps, int runs)
    {
        List<double> firstTimes = [], secondTimes = [];
        for (int i = -warmUps; i < runs; i++)
        {
            double a = first.Time(), b = second.Time();
            if (i < 0)
                continue;
            firstTimes.Add(a);
            secondTimes.Add(b);
        }
        return (firstTimes, secondTimes);
    }

    /// <summary>Milliseconds of one run.</summary>
    internal double Time() => TryTime() ?? throw new InvalidOperationException($"{Name}: {Program} {string.Join(' ', Arguments)} failed");

    /// <summary>Milliseconds of one run; null when it fails.</summary>
    internal double? TryTime()
    {
        // CliWrap is not used here: its own work for a command would be part of the measurement.
        var start = new ProcessStartInfo(Program, Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        long before = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        // A pipe without a reader would stop a program that writes more than the pipe holds.
        Task drained = Task.WhenAll(process.StandardOutput.BaseStream.CopyToAsync(Stream.Null), process.StandardError.BaseStream.CopyToAsync(Stream.Null));
        process.WaitForExit();
        double elapsed = Stopwatch.GetElapsedTime(before).TotalMilliseconds;
        drained.GetAwaiter().GetResult();
        return process.ExitCode == 0 ? elapsed : null;
    }
}
