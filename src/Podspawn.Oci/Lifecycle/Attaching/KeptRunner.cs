using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Native;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Lifecycle.Attaching;

/// <summary>Runs a container in the foreground that stays when it has ended, with its log: one that is made, started and attached to, from the first byte on.</summary>
/// <param name="registry">The containers.</param>
/// <param name="runner">Starts the container.</param>
/// <param name="signals">The source of the signals that are forwarded to the container's process; null for none.</param>
public sealed class KeptRunner(ContainerRegistry registry, ContainerRunner runner, ISignalSource? signals)
{
    /// <summary>Runs it until it ends, or the user detaches.</summary>
    /// <param name="options">The user's options.</param>
    /// <param name="attachment">How to attach.</param>
    /// <param name="onNote">Receives the notes.</param>
    /// <param name="onCreated">Called with the container before its command begins; null for nothing.</param>
    /// <returns>Why the attachment has ended, and the exit status.</returns>
    /// <exception cref="Runtimes.RuntimeException">Its command cannot be started; nothing of the container is left. The exceptions of
    /// <see cref="ContainerCreator.Create"/> are thrown as well.</exception>
    public AttachEnding Run(LaunchOptions options, AttachOptions attachment, Action<IReadOnlyList<Note>> onNote, Action<Container>? onCreated = null)
    {
        AttachSession.CheckInput(options, attachment);
        Container made = new ContainerCreator(registry).Create(options, onNote);
        onCreated?.Invoke(made);
        try
        {
            return new Attacher(registry, signals).Start(made.Id, attachment, runner, onNote);
        }
        catch (PodspawnException) when (NeverRan(made))
        {
            runner.Discard(made, options);
            throw;
        }
    }

    private bool NeverRan(Container made) => registry.TryFindById(made.Id) is { State: { Status: ContainerStatus.Created, Started: null } };
}
