using System.CommandLine;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>cleanup</c>: what conmon calls when a container has ended, as it calls podman's; a person has no use for it.</summary>
internal static class CleanupVerb
{
    internal const string Name = "cleanup";

    /// <summary>The verb's name in earlier releases. A container that one of them started has a monitor that still calls it so.</summary>
    internal const string OldName = "settle";

    internal static Command Create() => Create(Name);

    internal static Command CreateOld() => Create(OldName);

    private static Command Create(string name)
    {
        var id = new Argument<string>("ID");
        var verb = new Command(name, "Write down that a container has ended.") { id };
        verb.Hidden = true;
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            var handler = new ExitHandler(EachContainer.Registry(), OwnProgram.ExitCommand, OwnProgram.Signals);
            ProcessCalls.UnblockSignals();
            // The monitor's own directory, which we have from it, is the container's, and goes with its end.
            Directory.SetCurrentDirectory("/");
            handler.Handle(parsed.GetValue(id)!);
            return 0;
        }));
        return verb;
    }
}
