using System.Runtime.InteropServices;

namespace Podspawn.Oci.Native;

/// <summary>
/// .NET ignores SIGPIPE, and an ignored signal stays ignored across exec: a child would get EPIPE where it expects to be ended. Hold one of these
/// around the start of a child. (Measured: runc 1.1.5, crun 1.8.1 and runsc 2022 all give the container the default disposition of SIGPIPE anyway.)
/// </summary>
internal readonly ref partial struct DefaultSigPipe
{
    private const int SIGPIPE = 13;
    private const nint SIG_DFL = 0;
    private readonly nint previous;

    private DefaultSigPipe(nint previous) => this.previous = previous;

    /// <summary>Restores the default disposition until <see cref="Dispose"/>.</summary>
    internal static DefaultSigPipe Hold() => new(SetDisposition(SIGPIPE, SIG_DFL));

    /// <summary>Restores the disposition that .NET had set.</summary>
    public void Dispose() => SetDisposition(SIGPIPE, previous);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetDisposition(int signal, nint handler);
}
