using System.Globalization;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Configuration;

/// <summary>The ranges of <c>cpus</c> and <c>memory</c>, the same in the file and on the command line.</summary>
internal static class ResourceLimit
{
    // The kernel takes no quota below 1 ms in a period of 100 ms (Documentation/scheduler/sched-bwc.rst).
    private const decimal LeastCpus = 0.01m;
    private const decimal MostCpus = 1_000_000m;

    // Docker's least: below it the container's first process is killed while the runtime still sets it up.
    private const long LeastMemory = 6L << 20;

    /// <summary>What is wrong with a number of cores and how to mend it, or null when nothing is.</summary>
    public static (string What, string Hint)? ComplaintAboutCpus(decimal cpus) => cpus switch
    {
        0 => null,
        < LeastCpus => ($"{Text(cpus)} cores are too few", "write a number from 0.01 up, or 0 for unlimited"),
        > MostCpus => ($"{Text(cpus)} cores are too many", $"write a number up to {Text(MostCpus)}, or 0 for unlimited"),
        _ => null,
    };

    /// <summary>Reads a size, or says what is wrong with it and how to mend it.</summary>
    public static (string What, string Hint)? ComplaintAboutMemory(string text, out long bytes)
    {
        if (!ByteSize.TryParse(text, out bytes))
        {
            const string hint = "write bytes, or a number with k, m or g, such as 512m or 1.5g; 0 for unlimited";
            return ($"{Printable.Quote(text)} is not a size", hint);
        }

        if (bytes is > 0 and < LeastMemory)
            return ($"{Printable.Quote(text)} is too little for a container", "write at least 6m, or 0 for unlimited");
        return null;
    }

    private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}
