namespace Podspawn.Oci.Native;

/// <summary>
/// .NET ignores SIGPIPE, and an ignored signal stays ignored across exec: a child would get EPIPE where it expects to be ended. Hold one of these
/// around the start of a child. (Measured: runc 1.1.5, crun 1.8.1 and runsc 2022 all give the container the default disposition of SIGPIPE anyway.)
/// </summary>
internal readonly ref struct DefaultSigPipe
{
    private readonly nint previous;

    private DefaultSigPipe(nint previous) => this.previous = previous;

    /// <summary>Restores the default disposition until <see cref="Dispose"/>.</summary>
    internal static DefaultSigPipe Hold() => new(RawCalls.SetDisposition(SignalNumber.SIGPIPE, SignalNumber.Default));

    /// <summary>Restores the disposition that .NET had set.</summary>
    public void Dispose() => RawCalls.SetDisposition(SignalNumber.SIGPIPE, previous);
}
