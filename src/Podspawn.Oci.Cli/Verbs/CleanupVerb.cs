using System.CommandLine;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>cleanup</c>: called by conmon when a container has ended, as it calls podman's; users do not need it.</summary>
internal static class CleanupVerb
{
    internal const string Name = "cleanup";

    /// <summary>The verb's name in earlier releases. The monitor of a container that one of them has started still calls it so.</summary>
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
            // We inherit the monitor's working directory, which is one of the container's that is removed with its end.
            Directory.SetCurrentDirectory("/");
            handler.Handle(parsed.GetValue(id)!);
            return 0;
        }));
        return verb;
    }
}
