using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Executing;

/// <summary>
/// The program that stands between the runtime's <c>exec</c> and the command (../Podspawn.Oci.ExecShim). A runtime enters the working directory by its
/// path, at a moment when the container can have put something else there: a link to a directory of the host's that the runtime has open
/// (CVE-2024-21626). So the runtime enters the root, which no link can move, and the directory is opened here, inside the container's root and through
/// no magic link. The shim, in the container, enters that very one by a descriptor that the runtime preserves, checks where it is, closes the
/// descriptors that the command is not to have, and becomes the command. A container that forges /proc/self/fd/3 runs a program of its own in its own root.
/// </summary>
internal sealed class ExecShim : IDisposable
{
    // The numbers of the descriptors are the shim's own as well.
    internal const int PreservedDescriptors = 3;

    /// <summary>What the runtime enters.</summary>
    internal const string WorkingDirectory = "/";

    private const string Resource = "podspawn-exec-shim";
    private const string Inside = "/proc/self/fd/3";
    private const int ReportLength = 8;
    private const int BeginMilliseconds = 2000;
    private readonly SafeFileHandle program;
    private readonly SafeFileHandle directory;
    private readonly SafeFileHandle report;
    private readonly SafeFileHandle reportEnd;

    /// <param name="directory">The directory to enter, opened with O_PATH; disposed of with this.</param>
    /// <exception cref="ContainerException">The kernel lets no program be made in memory.</exception>
    internal ExecShim(SafeFileHandle directory)
    {
        this.directory = directory;
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

    /// <summary>Whose stage it is that failed.</summary>
    internal enum Stage
    {
        Directory = 1,
        Command = 2,
    }

    /// <summary>The program that is to be called in the runtime's place, and becomes it.</summary>
    internal string Program => EntryCalls.PathInProcess(program);

    /// <summary>The arguments for that.</summary>
    internal IReadOnlyList<string> Launching(string runtime, IReadOnlyList<string> arguments) =>
        ["launch", EntryCalls.PathInProcess(directory), EntryCalls.PathInProcess(reportEnd), runtime, .. arguments];

    /// <summary>The command with the shim before.</summary>
    internal static IReadOnlyList<string> Before(IReadOnlyList<string> command) => [Inside, "enter", .. command];

    /// <summary>Why the shim did not become the command; null where it did, or was never reached.</summary>
    /// <param name="begins">Whether it may still be about to, as where nobody waits for the command's end.</param>
    internal (Stage Stage, int Errno)? Failure(bool begins)
    {
        // The last writer's end is the command's begin.
        reportEnd.Dispose();
        Span<TerminalCalls.PollFd> readable = [new(report, TerminalCalls.POLLIN)];
        Span<byte> bytes = stackalloc byte[ReportLength];
        if (TerminalCalls.Poll(readable, begins ? BeginMilliseconds : 0) <= 0 || TerminalCalls.Read(report, bytes) != ReportLength)
            return null;
        return ((Stage)BinaryPrimitives.ReadInt32LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[sizeof(int)..]));
    }

    public void Dispose()
    {
        reportEnd.Dispose();
        report.Dispose();
        program.Dispose();
        directory.Dispose();
    }
}
