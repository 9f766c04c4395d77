using System.Globalization;
using CliWrap;
using CliWrap.Buffered;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Store;

/// <summary>The disk use of a tree, hard links counted once (du(1)).</summary>
internal static class DiskUse
{
    /// <summary>The disk use in bytes; 0 where du fails.</summary>
    internal static long Of(string directory)
    {
        if (HostProgram.Find("du") is not { } du)
            return 0;
        BufferedCommandResult result = CliWrap.Cli.Wrap(du).WithArguments(["--summarize", "--one-file-system", "--block-size=1", "--", directory])
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync().GetAwaiter().GetResult();
        return long.TryParse(result.StandardOutput.Split('\t')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : 0;
    }
}
