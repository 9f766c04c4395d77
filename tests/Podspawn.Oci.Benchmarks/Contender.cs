using System.Diagnostics;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Benchmarks;

/// <summary>A command whose wall time is taken, from its start to its exit.</summary>
internal sealed record Contender(string Name, string Program, IReadOnlyList<string> Arguments)
{
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
