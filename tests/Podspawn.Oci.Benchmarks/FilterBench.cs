namespace Podspawn.Oci.Benchmarks;

/// <summary>
/// The cost of the seccomp filter: a launch, and a command that does little but system calls, with the default filter and without one, in turn. There
/// is no ceiling: the filter is worth its cost.
/// </summary>
internal sealed class FilterBench(string command, string rootfs, string work, int runs)
{
    private const int Directories = 200;
    private const int FilesInEach = 100;
    private const int WarmUps = 2;

    internal void Measure(string runtime)
    {
        string files = Path.Combine(work, "files");
        if (!Directory.Exists(files))
            Fill(files);
        Compare(runtime, "run true", [], "/bin/true");
        Compare(runtime, $"find in {Directories * FilesInEach} files", ["--volume", $"{files}:/files:ro"], "/usr/bin/find", "/files", "-type", "f", "-size", "+0");
    }

    private void Compare(string runtime, string what, string[] flags, params string[] words)
    {
        Contender With(string filter) =>
            new(filter, command, ["run", "--quiet", "--runtime", runtime, "--security-opt", $"seccomp={filter}", "--rootfs", rootfs, .. flags, "--", .. words]);

        (List<double> filteredTimes, List<double> openTimes) = Contender.InTurns(With("default"), With("unconfined"), WarmUps, runs);
        Statistics.Print($"{runtime,-6} {what,-24} filtered {Statistics.Median(filteredTimes),7:F1} ms   unconfined {Statistics.Median(openTimes),7:F1} ms   ratio {Statistics.MedianRatio(filteredTimes, openTimes):F3}   spread {filteredTimes.Min():F1} to {filteredTimes.Max():F1} ms");
    }

    private static void Fill(string files)
    {
        for (int i = 0; i < Directories; i++)
        {
            string directory = Path.Combine(files, $"d{i}");
            Directory.CreateDirectory(directory);
            for (int j = 0; j < FilesInEach; j++)
                File.WriteAllText(Path.Combine(directory, $"f{j}"), "x");
        }
    }
}
