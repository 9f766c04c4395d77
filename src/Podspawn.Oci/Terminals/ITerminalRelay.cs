namespace Podspawn.Oci.Terminals;

/// <summary>Passes bytes between our standard streams and a container's terminal, wherever that terminal is held.</summary>
internal interface ITerminalRelay : IDisposable
{
    /// <summary>Relays until the terminal ends or <see cref="Stop"/> is called.</summary>
    RelayEnding Run();

    /// <summary>What could not be written, once <see cref="Run"/> has ended; null where nothing is lost.</summary>
    LostOutput? Lost { get; }

    /// <summary>Gives the container's terminal the size of ours. Safe on any thread.</summary>
    void Resize();

    /// <summary>Ends <see cref="Run"/>. Safe on any thread.</summary>
    /// <param name="drain">Whether to pass on first what the container has written.</param>
    /// <param name="graceMilliseconds">For how long in all to wait for more of it, where the terminal does not end before.</param>
    void Stop(bool drain, int graceMilliseconds = 0);
}
