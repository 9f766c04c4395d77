using System.Globalization;
using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Images.Tools;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Exporting;

/// <summary>Writes a directory tree as a tar archive, as docker export does: names without a leading <c>./</c>, owners by number, no sockets.</summary>
public static class TreeExport
{
    private const string Tar = "tar";

    // A file with more than this in holes is written without them, which some readers (busybox) do not understand; smaller ones are written in full.
    private const long LargestHoles = 64 << 20;

    // tar(1): "some files were changed while being archived".
    private const int ChangedMeanwhile = 1;

    private static readonly Dictionary<string, string?> Plain = new() { ["LC_ALL"] = "C", ["TAR_OPTIONS"] = null, ["POSIXLY_CORRECT"] = null };

    // The host's own attributes of files: its labels, and overlayfs's marks (Documentation/filesystems/overlayfs.rst).
    private static readonly string[] NotTheTrees = ["security.selinux", "trusted.overlay.*"];

    /// <summary>Writes the archive. The same tree gives the same bytes.</summary>
    /// <param name="directory">The tree; mounts in it are left out.</param>
    /// <param name="target">The stream for the archive.</param>
    /// <param name="cancel">Cancels the export.</param>
    /// <returns>The differences from the tree, which changed in the meantime.</returns>
    /// <exception cref="ImageException">The tree cannot be read to its end.</exception>
    /// <exception cref="IOException">The archive cannot be written.</exception>
    public static IReadOnlyList<string> Write(string directory, Stream target, CancellationToken cancel = default)
    {
        using SafeFileHandle root = Open(directory);
        // From here on it is this directory, however the path changes. tar walks a clone of it that has no mounts and no devices; a tree that already
        // is a clone cannot be cloned again.
        using SafeFileHandle? clone = TreeClone.Of(root, out _);
        byte[] names = NamesIn(EntryCalls.PathInProcess(root), directory);
        string place = EntryCalls.PathInProcess(clone ?? root);
        var error = new ProgramOutput();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        string? failure = null;
        Command command = ToolRun.Prepare(Tar, Arguments(place, HasLargeHoles(place)))
            .WithEnvironmentVariables(Plain).WithValidation(CommandResultValidation.None)
            .WithStandardInputPipe(PipeSource.FromBytes(names)).WithStandardErrorPipe(error.Target)
            .WithStandardOutputPipe(PipeTarget.Create(async (stream, cancelled) =>
            {
                try
                {
                    await stream.CopyToAsync(target, cancelled).ConfigureAwait(false);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // tar would wait for ever for a reader of the rest.
                    failure = e.Message;
                    await stop.CancelAsync().ConfigureAwait(false);
                }
            }));
        int status;
        try
        {
            status = command.ExecuteAsync(stop.Token).Task.GetAwaiter().GetResult().ExitCode;
        }
        catch (OperationCanceledException) when (failure is not null)
        {
            status = 0;
        }
        if (failure is not null)
            throw new IOException(failure);
        return status is 0 or ChangedMeanwhile
            ? status == 0 ? [] : Changes(error.Beginning)
            : throw new ImageException($"{directory}: tar: {ToolWords.FirstLine(error.Beginning, "tar: ")}; check that the tree can be read");
    }

    private static SafeFileHandle Open(string directory) => PathCalls.Open(directory, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY | PathCalls.O_NOFOLLOW, out int errno)
        ?? throw new ImageException($"{directory}: {Errno.Text(errno)}; name a directory that can be read");

    private static IReadOnlyList<string> Arguments(string place, bool sparse) =>
    [
        "--create", "--file=-", "--format=posix", "--numeric-owner", "--one-file-system", "--sort=name",
        // Neither the access time nor the number of our process belongs to the tree.
        "--pax-option=delete=atime,delete=ctime,exthdr.name=%d/PaxHeaders/%f",
        "--xattrs", "--xattrs-include=*", .. NotTheTrees.Select(name => $"--xattrs-exclude={name}"),
        .. sparse ? ["--sparse"] : Array.Empty<string>(),
        $"--directory={place}", "--null", "--no-unquote", "--files-from=-",
    ];

    // From "." the names would begin with "./", and the archive with an entry that changes the directory in which it is unpacked.
    private static byte[] NamesIn(string place, string shown)
    {
        using var listing = new MemoryStream();
        CommandResult result = Find(place, "-maxdepth", "1", "-printf", "%D %y %P\\0").WithStandardOutputPipe(PipeTarget.ToStream(listing))
            .ExecuteAsync().GetAwaiter().GetResult();
        if (result.ExitCode != 0)
            throw new ImageException($"{shown}: cannot be listed; check that the tree can be read");
        // Read byte for byte: a name need not be UTF-8.
        string[] entries = Encoding.Latin1.GetString(listing.ToArray()).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        string device = entries.FirstOrDefault(entry => entry.EndsWith(" d ", StringComparison.Ordinal))?.Split(' ')[0] ?? "";
        var names = new List<string>();
        foreach (string[] parts in entries.Select(entry => entry.Split(' ', 3)).Where(parts => parts[2].Length > 0))
        {
            // tar enters a directory that is given by name even where a filesystem is mounted there.
            if (parts[1] == "d" && parts[0] != device)
                throw new ImageException($"{shown}: another filesystem is mounted on its {ToolWords.FirstLine(parts[2], "")}; unmount that first");
            if (parts[1] != "s")
                names.Add(parts[2]);
        }
        names.Sort(StringComparer.Ordinal);
        return Encoding.Latin1.GetBytes(string.Concat(names.Select(name => name + '\0')));
    }

    // Written in full, a file that consists of holes would fill any disk.
    private static bool HasLargeHoles(string place)
    {
        BufferedCommandResult result = Find(place, "-type", "f", "-size", string.Create(CultureInfo.InvariantCulture, $"+{LargestHoles >> 10}k"), "-printf", "%s %b\\n")
            .ExecuteBufferedAsync().GetAwaiter().GetResult();
        return result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .Any(parts => long.Parse(parts[0], CultureInfo.InvariantCulture) - (long.Parse(parts[1], CultureInfo.InvariantCulture) * 512) > LargestHoles);
    }

    private static Command Find(string place, params string[] expression) =>
        ToolRun.Prepare("find", [$"{place}/.", "-xdev", .. expression], "findutils").WithEnvironmentVariables(Plain).WithValidation(CommandResultValidation.None);

    private static IReadOnlyList<string> Changes(string stderr) =>
        [.. stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.EndsWith("socket ignored", StringComparison.Ordinal))
            .Select(line => ToolWords.FirstLine(line, "tar: "))];
}
