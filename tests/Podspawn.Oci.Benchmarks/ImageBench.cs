using System.Diagnostics;

namespace Podspawn.Oci.Benchmarks;

/// <summary>
/// The cost of images: a launch from one against the same launch from a directory; a pull against skopeo and umoci by hand; and the hundredth
/// container against the first.
/// </summary>
internal sealed class ImageBench(string command, string busybox, string work, int runs)
{
    private const double LaunchCeiling = 1.15;
    private const double PullCeiling = 1.1;
    private const double HundredthCeiling = 1.15;
    private const long DiskCeiling = 64 * 1024;
    private const int WarmUps = 3;
    private const int MostPulls = 7;
    private const int Containers = 100;
    private const int Edge = 15;

    private string Store => $"{work}/store";

    internal async Task<bool> Measure()
    {
        await using LoopbackRegistry registry = await LoopbackRegistry.Start(limit: TimeSpan.FromHours(2));
        string image = await BenchImage.Push(busybox, work, registry);
        string[] pull = ["pull", "--quiet", "--tls-verify=false", "--data-root", Store, image];
        string digest = Tool.Run(command, pull).Trim();
        bool within = MeasureLaunch(image, $"{Store}/roots/sha256/{digest.Split(':')[1]}/rootfs");
        within &= MeasureHundredth(image);
        within &= MeasurePull(image, pull);
        return within;
    }

    private bool MeasureLaunch(string image, string root)
    {
        string copy = $"{work}/rootfs";
        Tool.Run("cp", ["--archive", root, copy]);
        Contender fromImage = new("image", command, ["run", "--data-root", Store, image, "/bin/true"]);
        Contender fromDirectory = new("rootfs", command, ["run", "--rootfs", copy, "/bin/true"]);
        (List<double> image1, List<double> directory1) = Contender.InTurns(fromImage, fromDirectory, WarmUps, runs);
        double ratio = Statistics.MedianRatio(image1, directory1);
        Statistics.Print($"launch --rootfs {Statistics.Median(directory1),7:F1} ms   from an image of {BenchImage.Megabytes} MB {Statistics.Median(image1),7:F1} ms   ratio {ratio:F2} (at most {LaunchCeiling:F2})");
        return ratio <= LaunchCeiling;
    }

    private bool MeasurePull(string image, string[] pull)
    {
        Contender ours = new("pull", command, pull);
        string layout = $"{work}/by-hand";
        Contender fetch = new("skopeo", "skopeo", ["copy", "--quiet", "--src-tls-verify=false", $"docker://{image}", $"oci:{layout}/layout:image"]);
        Contender unpack = new("umoci", "umoci", ["unpack", "--image", $"{layout}/layout:image", $"{layout}/bundle"]);
        List<double> ourTimes = [], byHand = [];
        for (int i = -1; i < Math.Min(runs, MostPulls); i++)
        {
            // One contender must not wait for the other's pending writes.
            Clear(Store);
            double a = ours.Time();
            Clear(layout);
            Directory.CreateDirectory(layout);
            double b = fetch.Time() + unpack.Time();
            if (i < 0)
                continue;
            ourTimes.Add(a);
            byHand.Add(b);
        }
        double ratio = Statistics.MedianRatio(ourTimes, byHand);
        Statistics.Print($"pull   skopeo and umoci by hand {Statistics.Median(byHand),7:F0} ms   podspawn-oci {Statistics.Median(ourTimes),7:F0} ms   ratio {ratio:F2} (at most {PullCeiling:F2})");
        return ratio <= PullCeiling;
    }

    private bool MeasureHundredth(string image)
    {
        long storeBefore = DiskUse(Store);
        var alive = new List<Process>();
        var times = new List<double>();
        var scratches = new List<long>();
        try
        {
            for (int i = 0; i < Containers; i++)
            {
                // The container announces that it runs, then waits for its stdin to end.
                long before = Stopwatch.GetTimestamp();
                Process container = Process.Start(new ProcessStartInfo(command, ["run", "-i", "--name", $"bench-{i}", "--data-root", Store, image, "/bin/sh", "-c", "echo up; cat"])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                })!;
                alive.Add(container);
                if (container.StandardOutput.ReadLine() != "up")
                    throw new InvalidOperationException($"container {i} did not come up");
                times.Add(Stopwatch.GetElapsedTime(before).TotalMilliseconds);
            }
            scratches.AddRange(Enumerable.Range(0, Containers).Select(i => DiskUse(Directory.GetDirectories("/var/lib/podspawn-oci/scratch").Select(store => $"{store}/bench-{i}").Single(Directory.Exists))));
        }
        finally
        {
            foreach (Process container in alive)
            {
                container.StandardInput.Close();
                container.WaitForExit();
                container.Dispose();
            }
        }
        // Single launches vary by more than a hundred containers add: the medians of the first and of the last ones are compared.
        double first = Statistics.Median(times.Take(Edge)), last = Statistics.Median(times.TakeLast(Edge));
        long grown = DiskUse(Store) - storeBefore;
        Statistics.Print($"of {Containers} containers at once: the first {Edge} {first:F1} ms   the last {Edge} {last:F1} ms   ratio {last / first:F2} (at most {HundredthCeiling:F2})");
        Statistics.Print($"       disk: the first {scratches[0]} bytes, the last {scratches[^1]} (at most {DiskCeiling}); the store grew by {grown} bytes");
        return last / first <= HundredthCeiling && scratches.Max() <= DiskCeiling && grown == 0;
    }

    private static void Clear(string directory)
    {
        if (Directory.Exists(directory))
            Tool.Run("rm", ["-rf", "--", directory]);
        Tool.Run("sync", []);
    }

    private static long DiskUse(string directory) => long.Parse(Tool.Run("du", ["--summarize", "--block-size=1", "--", directory]).Split('\t')[0], System.Globalization.CultureInfo.InvariantCulture);
}
