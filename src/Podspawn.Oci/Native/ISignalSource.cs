namespace Podspawn.Oci.Native;

/// <summary>
/// Hands out the signals that reach this process. The program that owns the process implements it; the library catches no signal by itself.
/// </summary>
public interface ISignalSource
{
    /// <summary>Has a handler called for each arrival of a signal, in place of what the signal does to the process by default (signal(7)).</summary>
    /// <param name="signal">The signal's number, such as 15 for SIGTERM.</param>
    /// <param name="handler">Is called on any thread.</param>
    /// <returns>Its disposal gives the signal back.</returns>
    IDisposable Receive(int signal, Action handler);
}
