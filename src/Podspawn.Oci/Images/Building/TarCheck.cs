using CliWrap;
using Podspawn.Oci.Images.Tools;

namespace Podspawn.Oci.Images.Building;

/// <summary>
/// Makes GNU tar check an archive while it passes: umoci accepts any bytes as a layer. With <c>--block-number</c> tar also tells whether it reached
/// the mark at the archive's end, without which a part of an archive cannot be distinguished from the whole.
/// </summary>
internal sealed class TarCheck(string name)
{
    private const string Tool = "tar";
    private const string EndMark = "** Block of NULs **";

    private readonly ProgramOutput output = new();
    private readonly ProgramOutput error = new();

    /// <summary>The environment in which tar's messages are those that we look for, and its only options are ours.</summary>
    internal static IReadOnlyDictionary<string, string?> Plain(IReadOnlyDictionary<string, string?> environment) =>
        new Dictionary<string, string?>(environment) { ["LC_ALL"] = "C", ["TAR_OPTIONS"] = null, ["POSIXLY_CORRECT"] = null };

    /// <summary>The command of tar, reading from <paramref name="input"/>.</summary>
    internal Command Command(ProgramInput input, IReadOnlyDictionary<string, string?> environment) =>
        ToolRun.Prepare(Tool, ["--list", "--block-number", "--quoting-style=escape", "--file=-"])
            .WithEnvironmentVariables(Plain(environment)).WithValidation(CommandResultValidation.None)
            .WithStandardInputPipe(input.Source).WithStandardOutputPipe(output.Target).WithStandardErrorPipe(error.Target);

    /// <summary>What is wrong with the archive; null for nothing.</summary>
    internal ImageException? Judge(int status)
    {
        if (error.Beginning.Contains("does not look like a tar archive", StringComparison.Ordinal))
            return new ImageException($"{name}: is no tar archive; give one of a root filesystem, as it is or compressed with gzip, bzip2, xz or zstd");
        if (error.Beginning.Contains("Unexpected EOF", StringComparison.Ordinal))
            return new ImageException($"{name}: ends in the middle of a file; fetch or make it again");
        if (status != 0)
            return new ImageException($"{name}: tar: {ToolWords.FirstLine(error.Beginning, "tar: ")}; the archive is damaged: fetch or make it again");
        // Lines are "block N: NAME"; NAME cannot have a line break, which is escaped.
        if (!output.LastLine.EndsWith(EndMark, StringComparison.Ordinal))
            return new ImageException($"{name}: lacks the mark at its end, so something may be missing; fetch or make it again");
        return output.Lines > 1 ? null : new ImageException($"{name}: has no files in it; give an archive of a root filesystem");
    }
}
