using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>spec</c>: prints the config.json that <c>run</c> would use.</summary>
internal static class SpecVerb
{
    internal static Command Create()
    {
        var flags = new LaunchFlags();
        var verb = new Command("spec", """
            Print the config.json that run with the same flags would use, for any OCI runtime. Its root is the root filesystem
            itself, without the layer that discards what is written; without --rootfs it is the directory rootfs beside it.

            Examples:
              podspawn-oci spec --rootfs ./rootfs -- sh > config.json && runc run x
              podspawn-oci spec --cap-add NET_RAW --runtime runsc -- ping -c1 127.0.0.1
            """);
        flags.AddTo(verb);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            LaunchPlan plan = LaunchPlanner.DryRun(flags.Read(parsed));
            plan.RequireVolumes();
            plan.RequireOwnNamespaces();
            TranslationResult translation = plan.Translate([]);
            NoteFlags.Teller(parsed)(translation.Notes);
            Streams.Output.WriteLine(SpecJson.SerializeIndented(translation.Spec));
            return 0;
        }));
        return verb;
    }
}
