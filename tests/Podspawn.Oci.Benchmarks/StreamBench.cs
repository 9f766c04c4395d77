using System.Diagnostics;

namespace Podspawn.Oci.Benchmarks;

/// <summary>A gigabyte out of a container's stdout and into its stdin, through podspawn-oci's relay and through podman's.</summary>
internal sealed class StreamBench(string command, string rootfs, int runs)
{
    private const long Bytes = 1L << 30;
    private const int Piece = 1 << 20;
    private const int WarmUps = 1;

    // podman's time is the ceiling: being slower than the tool that others use is a failure.
    private const double Ceiling = 1.0;

    internal bool Measure(string runtime)
    {
        string[] write = ["dd", "if=/dev/zero", "bs=1M", "count=1024"], read = ["dd", "of=/dev/null", "bs=1M"];
        string[] ours = ["run", "-i", "--runtime", runtime, "--rootfs", rootfs, "--"];
        string[] podman = Podman.Run(runtime, rootfs, "-i");
        bool output = Compare(runtime, "stdout", Drain, [.. ours, .. write], [.. podman, .. write]);
        bool input = Compare(runtime, "stdin ", Feed, [.. ours, .. read], [.. podman, .. read]);
        return output && input;
    }

    private bool Compare(string runtime, string stream, Func<Process, long> pass, string[] ours, string[] podman)
    {
        List<double> ourTimes = [], podmanTimes = [];
        for (int i = -WarmUps; i < runs; i++)
        {
            double ourTime = Time(command, ours, pass) ?? throw new InvalidOperationException($"podspawn-oci {string.Join(' ', ours)} failed");
            double? podmanTime = Time("podman", podman, pass);
            if (i < 0)
                continue;
            ourTimes.Add(ourTime);
            if (podmanTime is { } time)
                podmanTimes.Add(time);
        }
        if (podmanTimes.Count < ourTimes.Count)
        {
            Statistics.Print($"{runtime,-6} 1 GiB {stream} podspawn-oci {Statistics.Median(ourTimes),7:F0} ms   podman does not run here with this runtime");
            return true;
        }
        double ratio = Statistics.MedianRatio(ourTimes, podmanTimes);
        Statistics.Print($"{runtime,-6} 1 GiB {stream} podspawn-oci {Statistics.Median(ourTimes),7:F0} ms ({ourTimes.Min():F0} to {ourTimes.Max():F0})   podman {Statistics.Median(podmanTimes),7:F0} ms ({podmanTimes.Min():F0} to {podmanTimes.Max():F0})   ratio {ratio:F2} (at most {Ceiling:F2})");
        return ratio <= Ceiling;
    }

    private static double? Time(string program, string[] arguments, Func<Process, long> pass)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        long before = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        Task said = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        long passed = pass(process);
        process.WaitForExit();
        double elapsed = Stopwatch.GetElapsedTime(before).TotalMilliseconds;
        said.GetAwaiter().GetResult();
        return process.ExitCode == 0 && passed == Bytes ? elapsed : null;
    }

    private static long Drain(Process process)
    {
        process.StandardInput.Close();
        byte[] piece = new byte[Piece];
        long count = 0;
        for (int got; (got = process.StandardOutput.BaseStream.Read(piece)) > 0;)
            count += got;
        return count;
    }

    private static long Feed(Process process)
    {
        byte[] piece = new byte[Piece];
        try
        {
            for (long count = 0; count < Bytes; count += Piece)
                process.StandardInput.BaseStream.Write(piece);
            process.StandardInput.Close();
            return Bytes;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
