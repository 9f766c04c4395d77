using System.CommandLine;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Lifecycle.Volumes;
using Podspawn.Oci.Terminals;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>volume export</c>, <c>import</c>, <c>mount</c> and <c>unmount</c>: the content of volumes for people who keep it, bring it or look at it.</summary>
internal static class VolumeTransferVerbs
{
    internal static Command CreateExport()
    {
        var output = new Option<string?>("--output", "-o") { HelpName = "FILE", Description = "The file to write, instead of the standard output" };
        Argument<string> name = Volume();
        var verb = new Command("export", """
            Write the files of a volume as a tar archive, with names, owners and attributes as they are.

            Examples:
              podspawn-oci volume export --output data.tar data
              podspawn-oci volume export data | gzip > data.tar.gz
            """)
        {
            output, name,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            string volume = parsed.GetValue(name)!;
            string? file = parsed.GetValue(output);
            if (file is null && TerminalSize.IsTerminal(1))
                throw new UsageException("standard output: is a terminal; redirect it, or name a file with --output");
            foreach (string change in file is null ? ExportVerb.ToOutput(stdout => Transfer().Export(volume, stdout)) : Transfer().Export(volume, file))
                Failures.Report($"warning: {volume}: {change}");
            return 0;
        }));
        return verb;
    }

    internal static Command CreateImport()
    {
        Argument<string> name = Volume();
        var source = new Argument<string>("FILE") { Description = "A tar archive, as it is or compressed; - or nothing for the standard input",
            Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => "-" };
        var verb = new Command("import", """
            Unpack a tar archive into a volume that is there. What the volume has stays; a file of the same name is replaced. An archive whose
            names or links lead out of it is refused, and devices, FIFOs and sockets are left out.

            Examples:
              podspawn-oci volume create data && podspawn-oci volume import data data.tar
              podspawn-oci volume export data | podspawn-oci volume import copy
            """)
        {
            name, source,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            Transfer().Import(parsed.GetValue(name)!, parsed.GetValue(source)!, text => Failures.Report($"warning: {text}"));
            return 0;
        }));
        return verb;
    }

    internal static Command CreateMount()
    {
        Argument<string[]> names = Several();
        var verb = new Command("mount", """
            Tell where the files of volumes are on the host, which is always there: nothing has to be mounted. What a container has put there is
            as trustworthy as the container.

            Examples:
              ls "$(podspawn-oci volume mount data)"
            """)
        {
            names,
        };
        verb.SetAction(parsed => Failures.Guard(() => EachContainer.Do(parsed.GetValue(names)!, name => Streams.Output.WriteLine(VolumeVerbs.Store().Find(name).Mountpoint))));
        return verb;
    }

    internal static Command CreateUnmount()
    {
        Argument<string[]> names = Several();
        var verb = new Command("unmount", """
            Print the names of volumes that are there, for scripts that unmount what volume mount has told: nothing was mounted.

            Examples:
              podspawn-oci volume unmount data
            """)
        {
            names,
        };
        verb.Aliases.Add("umount");
        verb.SetAction(parsed => Failures.Guard(() => EachContainer.Do(parsed.GetValue(names)!, name => Streams.Output.WriteLine(VolumeVerbs.Store().Find(name).Name))));
        return verb;
    }

    private static VolumeTransfer Transfer() => new(VolumeVerbs.Store(), OwnProgram.Signals);

    private static Argument<string> Volume() => new("VOLUME") { Description = "A volume's name" };

    private static Argument<string[]> Several() => new("VOLUME") { Description = "A volume's name", Arity = ArgumentArity.OneOrMore };
}
