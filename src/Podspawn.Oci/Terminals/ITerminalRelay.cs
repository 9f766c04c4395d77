namespace Podspawn.Oci.Terminals;

/// <summary>Passes bytes between our standard streams and a container's terminal, whichever process holds that terminal.</summary>
internal interface ITerminalRelay : IDisposable
{
    /// <summary>Relays until the terminal ends or <see cref="Stop"/> is called.</summary>
    RelayEnding Run();

    /// <summary>The output that could not be written, once <see cref="Run"/> has ended; null where nothing is lost.</summary>
    LostOutput? Lost { get; }

    /// <summary>Gives the container's terminal the size of ours. May be called on any thread.</summary>
    void Resize();

    /// <summary>Ends <see cref="Run"/>. May be called on any thread.</summary>
    /// <param name="drain">Whether the container's output so far is passed on first.</param>
    /// <param name="graceMilliseconds">The total time to wait for more of it, where the terminal does not end earlier.</param>
    void Stop(bool drain, int graceMilliseconds = 0);
}
