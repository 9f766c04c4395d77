using System.Diagnostics;

namespace Podspawn.Oci.Benchmarks;

/// <summary>A command whose wall time is taken, from its start to its exit.</summary>
internal sealed record Contender(string Name, string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Milliseconds of one run.</summary>
    internal double Time() => TryTime() ?? throw new InvalidOperationException($"{Name}: {Program} {string.Join(' ', Arguments)} failed");

    /// <summary>Milliseconds of one run; null when it fails.</summary>
    internal double? TryTime()
    {
        // Not CliWrap here: its own pumps would be part of what is measured. stdin and stdout go to /dev/null by redirection and closing.
        var start = new ProcessStartInfo(Program, Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        long before = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        process.WaitForExit();
        double elapsed = Stopwatch.GetElapsedTime(before).TotalMilliseconds;
        return process.ExitCode == 0 ? elapsed : null;
    }
}
