namespace Podspawn.Oci.Native;

/// <summary>The source of the signals that reach this process. The program that owns the process implements it; the library catches no signal by itself.</summary>
public interface ISignalSource
{
    /// <summary>Makes a handler be called for each arrival of a signal, instead of the signal's default action (signal(7)).</summary>
    /// <param name="signal">The signal's number, such as 15 for SIGTERM.</param>
    /// <param name="handler">May be called on any thread.</param>
    /// <returns>Disposing of it restores the default action.</returns>
    IDisposable Receive(int signal, Action handler);
}
