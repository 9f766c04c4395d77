using System.Text;
using Podspawn.Oci.Launching;
using Podspawn.Oci.Launching.Invocation;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Spec;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Lifecycle;

/// <summary>
/// Tells when a started container's process has become the command. The runtime's <c>start</c> returns a moment before execve(2), so it does not
/// report whether that succeeds.
/// </summary>
internal static class CommandBegin
{
    /// <summary>Where the container's log ends, for <see cref="Await"/>: to be asked before the command can begin.</summary>
    internal static long EndOfLog(Container container) => container.LogFile is { } log && new FileInfo(log) is { Exists: true, Length: var length } ? length : 0;

    /// <summary>Waits until the process is the command. Runs in the mount namespace that has the container's root.</summary>
    /// <param name="container">The container.</param>
    /// <param name="process">Its process.</param>
    /// <param name="monitor">Its monitor.</param>
    /// <param name="logged">The length of its log from before this run.</param>
    /// <exception cref="RuntimeException">The process has ended without becoming the command.</exception>
    internal static void Await(Container container, ProcessIdentity process, ProcessIdentity monitor, long logged)
    {
        if (!container.Driver.Traits.LeavesContainerProcess)
            return;
        Preparation preparation = PreparingProcess.AwaitCommand(process);
        if (preparation == Preparation.Command)
            return;
        // A quick command may have come and gone. A process that never became the command ends with 1, or 255 from runc 1.2 on, but so may a command.
        // The log is complete when the monitor has written the status.
        if (ExitRecord.Await(container.Paths, monitor).Status is not (1 or 255) && preparation == Preparation.Unknown)
            return;
        RuntimeSpec spec = SpecJson.Deserialize(File.ReadAllBytes(container.Paths.Config));
        (string command, string directory, IReadOnlyList<string> environment) = (spec.Process.Args[0], spec.Process.Cwd, spec.Process.Env ?? []);
        int? errno = ExecErrors.About(LastLine(container.LogFile, logged), CommandLookup.Candidates(command, directory, environment).Append(command))
            ?? BeginFailure.ErrnoOfSize(spec.Process.Args, environment);
        using RootFilesystem root = RootFilesystem.Open(spec.Root.Path);
        IReadOnlyList<VolumeMount> volumes = [.. spec.Mounts.Where(mount => mount.Type == "bind").Select(mount => new VolumeMount(mount.Source!, mount.Destination))];
        (string Reason, bool NotFound)? seen = ExecDiagnosis.WhyRefused(root, command, directory, environment, volumes);
        if (preparation == Preparation.Refused || errno is not null || seen is not null)
            throw BeginFailure.OfCommand(container.Driver, command, errno, seen);
    }

    // The process has written at most one line: what its runtime says of the command. conmon begins each with a time, the stream and a mark.
    private static string LastLine(string? log, long from)
    {
        const int Longest = 16 * 1024, TextField = 3;
        if (!File.Exists(log))
            return "";
        using FileStream file = File.OpenRead(log);
        // A log that is shorter by now was begun anew.
        file.Position = Math.Max(file.Length < from ? 0 : from, file.Length - Longest);
        byte[] end = new byte[Longest];
        int length = file.ReadAtLeast(end, Longest, throwOnEndOfStream: false);
        string[] lines = Encoding.UTF8.GetString(end, 0, length).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines is [.., string last] && last.Split(' ', TextField + 1) is { Length: TextField + 1 } fields ? fields[TextField] : "";
    }
}
