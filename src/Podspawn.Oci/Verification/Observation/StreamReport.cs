using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Verification.Observation;

/// <summary>A standard stream of a process, as the host sees it.</summary>
/// <param name="Name">stdin, stdout or stderr.</param>
/// <param name="Kind">The kind of file, as a reader would call it.</param>
/// <param name="OnOwnMount">Whether the file lies on a mount that the process itself can see.</param>
/// <param name="IsNullDevice">Whether it is a null device (null(4)).</param>
/// <param name="IsHosts">Whether it is the host's own null device, or one of the launcher's streams.</param>
internal sealed record StreamReport(string Name, string Kind, bool OnOwnMount, bool IsNullDevice, bool IsHosts)
{
    private static readonly string[] Names = ["stdin", "stdout", "stderr"];

    /// <summary>The files behind our own streams.</summary>
    public static IReadOnlySet<FileIdentity> OfCaller()
    {
        var found = new HashSet<FileIdentity>();
        for (int fd = 0; fd < Names.Length; fd++)
        {
            using var stream = new SafeFileHandle(fd, ownsHandle: false);
            if (FileKind.FactsOf(stream) is { } facts)
                found.Add(facts.Identity);
        }
        return found;
    }

    /// <summary>Observes the streams of a process.</summary>
    public static IReadOnlyList<StreamReport> Of(int pid, IReadOnlySet<FileIdentity> callers)
    {
        HashSet<string> mounts = [.. (SmallFile.Read($"/proc/{pid}/mountinfo", HostReport.LargestMountTable) ?? "").Split('\n').Select(line => line.Split(' ')[0])];
        FileIdentity? hostsNull = FileKind.FactsOf("/dev/null") ?.Identity;
        var found = new List<StreamReport>();
        for (int fd = 0; fd < Names.Length; fd++)
        {
            // Opened with O_PATH only: opening a device or a FIFO for reading would have an effect on it.
            using SafeFileHandle? stream = PathCalls.Open(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd/{fd}"), PathCalls.O_PATH, out _);
            if (stream is null || !FileStatus.Of(stream, out FileStatus status))
                continue;
            bool isNull = (status.Mode & FileKind.TypeMask) == FileKind.CharacterDevice && (status.NodeMajor, status.NodeMinor) == (1, 3);
            bool isHosts = callers.Contains(status.Identity) || status.Identity == hostsNull;
            found.Add(new StreamReport(Names[fd], KindOf(status.Mode, isNull), mounts.Contains(MountOf(pid, fd)), isNull, isHosts));
        }
        return found;
    }

    private static string KindOf(int mode, bool isNull) => (mode & FileKind.TypeMask) switch
    {
        FileKind.Fifo => "pipe",
        FileKind.Socket => "socket",
        FileKind.Regular => "regular file",
        FileKind.Directory => "directory",
        FileKind.CharacterDevice => isNull ? "null device" : "terminal or device",
        0 => "file of the kernel's",
        _ => "device",
    };

    // "mnt_id:\t28" (proc_pid_fdinfo(5)).
    private static string MountOf(int pid, int fd) =>
        (SmallFile.Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fdinfo/{fd}")) ?? "").Split('\n')
            .FirstOrDefault(line => line.StartsWith("mnt_id:", StringComparison.Ordinal))?["mnt_id:".Length..].Trim() ?? "";
}
