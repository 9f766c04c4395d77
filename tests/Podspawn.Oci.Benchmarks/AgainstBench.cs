namespace Podspawn.Oci.Benchmarks;

/// <summary>This program against another build of it: a launch, a detached launch with its removal, a command in a running container, and a list of containers.</summary>
/// <param name="command">The program.</param>
/// <param name="other">The other program; both use the host's one store.</param>
/// <param name="rootfs">The root filesystem.</param>
/// <param name="runs">The measured runs of each.</param>
internal sealed class AgainstBench(string command, string other, string rootfs, int runs)
{
    // What two runs of the very same program differ by on a quiet machine.
    private const double Ceiling = 1.05;
    private const int Listed = 50;
    private const int WarmUps = 3;

    private readonly string label = $"bench={Guid.NewGuid():N}";

    internal bool Measure(string runtime)
    {
        string[] run = ["run", "--quiet", "--label", label, "--runtime", runtime, "--rootfs", rootfs];
        try
        {
            bool within = Compare($"{runtime,-6} run", _ => ["run", "--quiet", "--runtime", runtime, "--rootfs", rootfs, "--", "/bin/true"]);
            within &= Compare($"{runtime,-6} run -d --rm", _ => [.. run, "--detach", "--rm", "--", "/bin/true"]);
            // Each asks for the container that it has made: the records of the two may differ.
            Dictionary<string, string> made = new[] { command, other }.ToDictionary(program => program, program => Tool.Run(program, [.. run, "--detach", "--", "/bin/sleep", "1000"]).Trim());
            within &= Compare($"{runtime,-6} exec", program => ["exec", made[program], "/bin/true"]);
            return within;
        }
        finally
        {
            Remove();
        }
    }

    internal bool MeasureList()
    {
        try
        {
            for (int i = 0; i < Listed; i++)
                Tool.Run(other, ["create", "--quiet", "--label", label, "--rootfs", rootfs, "--", "/bin/true"]);
            return Compare($"ps --all of {Listed}", _ => ["ps", "--all"]);
        }
        finally
        {
            Remove();
        }
    }

    private bool Compare(string what, Func<string, IReadOnlyList<string>> arguments)
    {
        Contender ours = new("this", command, arguments(command)), theirs = new("the other", other, arguments(other));
        (List<double> theirTimes, List<double> ourTimes) = Contender.InTurns(theirs, ours, WarmUps, runs);
        double ratio = Statistics.MedianRatio(ourTimes, theirTimes);
        Statistics.Print($"{what,-24} the other {Statistics.Median(theirTimes),7:F1} ms   this {Statistics.Median(ourTimes),7:F1} ms   ratio {ratio:F3} (at most {Ceiling:F2})");
        return ratio <= Ceiling;
    }

    private void Remove()
    {
        string[] ids = Tool.Run(command, ["ps", "--all", "--quiet", "--no-trunc", "--filter", $"label={label}"]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (ids.Length > 0)
            Tool.Run(command, ["rm", "--force", .. ids]);
    }
}
