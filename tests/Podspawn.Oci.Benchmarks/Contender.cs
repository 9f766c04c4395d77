using System.Diagnostics;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Benchmarks;

/// <summary>A command whose wall time is taken, from its start to its exit.</summary>
internal sealed record Contender(string Name, string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Times two contenders by turns, so that whatever else the machine does falls on both.</summary>
    /// <param name="first">Who comes first in each turn.</param>
    /// <param name="second">Who comes after it.</param>
    /// <param name="warmUps">How many turns before those that count.</param>
    /// <param name="runs">How many turns count.</param>
    /// <returns>The milliseconds of the turns that count, each pair at the same place.</returns>
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
        // Not CliWrap here: what it does for a command would be part of what is measured.
        var start = new ProcessStartInfo(Program, Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        long before = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        // A pipe that nobody empties would stop whoever writes more than it holds.
        Task drained = Task.WhenAll(process.StandardOutput.BaseStream.CopyToAsync(Stream.Null), process.StandardError.BaseStream.CopyToAsync(Stream.Null));
        process.WaitForExit();
        double elapsed = Stopwatch.GetElapsedTime(before).TotalMilliseconds;
        drained.GetAwaiter().GetResult();
        return process.ExitCode == 0 ? elapsed : null;
    }
}
