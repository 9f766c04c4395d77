using System.Globalization;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>Docker's and podman's words for where a container's output goes: <c>--log-driver</c>, and the keys of <c>--log-opt</c>.</summary>
internal static class LogFlags
{
    private const string MaxSize = "max-size", Path = "path", Tag = "tag", MaxFile = "max-file";

    // json-file is docker's word for what logs reads.
    private static readonly string[] Drivers = ["k8s-file", "json-file", "journald", "none"];

    /// <summary>The word for a driver.</summary>
    internal static string WordOf(LogDriver driver) => Drivers[(int)driver];

    /// <summary>Reads the flags.</summary>
    /// <exception cref="UsageException">One is wrong.</exception>
    internal static LogTarget Read(string? driver, IReadOnlyList<string> options)
    {
        int number = driver is { Length: > 0 } ? Array.IndexOf(Drivers, driver) : 0;
        if (number < 0)
            throw new UsageException($"--log-driver: '{driver}' is not to be had; use {string.Join(", ", Drivers)}");
        var target = new LogTarget { Driver = (LogDriver)number };
        foreach (string option in options)
        {
            string[] sides = option.Split('=', 2);
            string value = sides.Length == 2 ? sides[1] : "";
            if (sides[0] is not (Path or Tag or MaxSize or MaxFile) || value.Length == 0)
                throw new UsageException($"--log-opt: '{option}' is not known; write {MaxSize}=SIZE, {MaxFile}=N, {Path}=FILE or {Tag}=TEXT");
            bool isForFile = sides[0] != Tag;
            if (isForFile ? !target.IsFile : target.Driver != LogDriver.Journald)
                throw new UsageException($"--log-opt: {sides[0]} does not go with {WordOf(target.Driver)}; use --log-driver {(isForFile ? "k8s-file" : "journald")}");
            target = sides[0] switch
            {
                Path => target with { Path = System.IO.Path.GetFullPath(value) },
                Tag => value.Any(char.IsControl) ? throw new UsageException("--log-opt: the tag holds a control character; remove it") : target with { Tag = value },
                _ => target,
            };
            // conmon keeps one file: of several, the older ones are what it drops.
            if (sides[0] == MaxFile && !(int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int files) && files > 0))
                throw new UsageException($"--log-opt: '{value}' is no number of files; write {MaxFile}=1");
        }
        return target == LogTarget.Usual ? LogTarget.Usual : target;
    }

    /// <summary>The size in bytes at which the log begins anew, of options that <see cref="Read"/> has taken; 0 for no limit.</summary>
    /// <exception cref="UsageException">It is no size.</exception>
    internal static long SizeMax(IReadOnlyList<string> options)
    {
        long size = 0;
        foreach (string text in options.Select(option => option.Split('=', 2)).Where(sides => sides[0] == MaxSize).Select(sides => sides[1]))
        {
            size = text is "-1" or "0" ? 0 : ByteSize.TryParse(text, out long bytes, ByteSize.DecimalUnit) && bytes > 0
                ? bytes
                : throw new UsageException($"--log-opt: '{text}' is no size; write max-size=10m, or -1 for no limit");
        }
        return size;
    }

    /// <summary>Refuses what a container would not have that is discarded with its command.</summary>
    /// <exception cref="UsageException">A log was asked for.</exception>
    internal static void RefuseForDiscarded(LogTarget target)
    {
        if (target.Path is not null || target.Driver == LogDriver.Journald)
            throw new UsageException(
                "--log-driver, --log-opt: a container that goes with its command has no log: its output is the command's; add --detach, or --rm=false to keep it");
    }
}
