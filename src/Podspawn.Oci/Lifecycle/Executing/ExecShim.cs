using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Executing;

/// <summary>
/// The program that stands between the runtime's <c>exec</c> and the command (../Podspawn.Oci.ExecShim). A runtime enters the working directory by
/// its path, at a moment when the container can have put something else there: a link to a directory of the host that the runtime has open
/// (CVE-2024-21626). So the runtime enters the root, which no link can move, and the directory is opened here, inside the container's root and
/// through no magic link. The shim, in the container, enters that very directory by a descriptor that the runtime preserves, checks where it is,
/// closes the descriptors that the command must not have, and becomes the command. A container that forges /proc/self/fd/3 runs its own program in
/// its own root.
/// </summary>
internal sealed class ExecShim : IDisposable
{
    // The shim has the same descriptor numbers in its own source.
    private const int OwnDescriptors = 3;
    private const int FirstDescriptor = 3;

    /// <summary>The directory that the runtime enters.</summary>
    internal const string WorkingDirectory = "/";

    private const string Resource = "podspawn-exec-shim";
    private const int ReportLength = 8;
    private const int BeginMilliseconds = 2000;
    private readonly SafeFileHandle program;
    private readonly SafeFileHandle directory;
    private readonly SafeFileHandle report;
    private readonly SafeFileHandle reportEnd;

    private readonly int kept;

    /// <param name="directory">The directory to enter, opened with O_PATH; disposed of with this.</param>
    /// <param name="kept">How many descriptors from 3 on the command has.</param>
    /// <exception cref="ContainerException">The kernel does not allow a program to be created in memory.</exception>
    internal ExecShim(SafeFileHandle directory, int kept)
    {
        this.directory = directory;
        this.kept = kept;
        using Stream content = typeof(ExecShim).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException("the exec shim is not part of this build");
        try
        {
            program = SealedProgram.Make("podspawn-exec", content);
            (report, reportEnd) = DescriptorCalls.Pipe();
        }
        catch (IOException e)
        {
            throw new ContainerException($"{Setting.Workdir}: {e.Message}; let programs in memory be executed (sysctl vm.memfd_noexec=0), or name / as the working directory");
        }
    }

    /// <summary>The stage at which the shim failed.</summary>
    internal enum Stage
    {
        Directory = 1,
        Command = 2,
        Limit = 3,
    }

    /// <summary>The program that is called in the runtime's place, and becomes the runtime.</summary>
    internal string Program => EntryCalls.PathInProcess(program);

    /// <summary>The arguments for that program.</summary>
    internal IReadOnlyList<string> Launching(string runtime, IReadOnlyList<string> arguments) =>
        ["launch", Number(kept), EntryCalls.PathInProcess(directory), EntryCalls.PathInProcess(reportEnd), runtime, .. arguments];

    /// <summary>How many descriptors from 3 on the runtime passes on: those that the command keeps, and those of the shim.</summary>
    internal int PreservedDescriptors => kept + OwnDescriptors;

    /// <summary>The command, preceded by the shim.</summary>
    /// <param name="command">The command and its arguments.</param>
    /// <param name="kept">How many descriptors from 3 on the command has.</param>
    /// <param name="openFiles">The limit of open files that the command gets where the runtime gives it another; null for the runtime's.</param>
    internal static IReadOnlyList<string> Before(IReadOnlyList<string> command, int kept, (ulong Soft, ulong Hard)? openFiles) =>
    [
        $"/proc/self/fd/{Number(FirstDescriptor + kept)}", "enter", Number(kept),
        openFiles is (ulong soft, ulong hard) ? string.Create(CultureInfo.InvariantCulture, $"{soft}:{hard}") : "-", .. command,
    ];

    /// <summary>Why the shim did not become the command; null where it did, or was never reached.</summary>
    /// <param name="begins">Whether the shim may still be about to become the command, as where the command's end is not waited for.</param>
    internal (Stage Stage, int Errno)? Failure(bool begins)
    {
        // When the last writer closes the pipe, the command begins.
        reportEnd.Dispose();
        Span<TerminalCalls.PollFd> readable = [new(report, TerminalCalls.POLLIN)];
        Span<byte> bytes = stackalloc byte[ReportLength];
        if (TerminalCalls.Poll(readable, begins ? BeginMilliseconds : 0) <= 0 || TerminalCalls.Read(report, bytes) != ReportLength)
            return null;
        return ((Stage)BinaryPrimitives.ReadInt32LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[sizeof(int)..]));
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        reportEnd.Dispose();
        report.Dispose();
        program.Dispose();
        directory.Dispose();
    }
}
