using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Cli.Templates;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle.Volumes;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.Text;
using Podspawn.Oci.Volumes;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>volume</c>: the verbs for volumes.</summary>
internal static class VolumeVerbs
{
    internal const string Name = "volume";

    internal static Command Create()
    {
        var verb = new Command(Name, "Make, list, look at and remove volumes: directories of the store that outlive the containers which use them.");
        foreach (Command sub in new[]
        {
            CreateCreate(), CreateLs(), CreateInspect(), CreateExists(), CreateRm(), CreatePrune(), VolumeTransferVerbs.CreateExport(), VolumeTransferVerbs.CreateImport(),
            VolumeTransferVerbs.CreateMount(), VolumeTransferVerbs.CreateUnmount(),
        })
            verb.Subcommands.Add(sub);
        return verb;
    }

    /// <summary>The volumes of this user.</summary>
    internal static VolumeStore Store() => new(StateLayout.Default);

    private static Command CreateCreate()
    {
        var label = new Option<string[]>("--label", "-l") { HelpName = "KEY[=VALUE]", Description = "Remember this with the volume", AllowMultipleArgumentsPerToken = false };
        var driver = new Option<string?>("--driver", "-d") { HelpName = "local", Description = "The driver; there is only this one" };
        var options = new Option<string[]>("--opt", "-o") { HelpName = "KEY=VALUE", Description = "Refused: says what gives the mount that is meant",
            AllowMultipleArgumentsPerToken = false };
        var ignore = new Option<bool>("--ignore") { Description = "A volume of that name that is there already is no failure", Arity = ArgumentArity.Zero };
        var name = new Argument<string?>("NAME") { Description = "The volume's name (default: a random one)", Arity = ArgumentArity.ZeroOrOne };
        var verb = new Command("create", """
            Make a volume, and print its name. A launch makes those that it names by itself.

            Examples:
              podspawn-oci volume create --label app=web data
              podspawn-oci run -v data:/var/lib/data debian:12 ls /var/lib/data
            """)
        {
            label, driver, options, ignore, name,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            if (parsed.GetValue(driver) is { } other && other != VolumeReport.OnlyDriver)
                throw new UsageException($"--driver: '{other}' is not to be had; use {VolumeReport.OnlyDriver}, or leave the flag away");
            RefuseOptions(parsed.GetValue(options) ?? []);
            VolumeStore volumes = Store();
            string? wanted = parsed.GetValue(name);
            bool isThere = wanted is not null && parsed.GetValue(ignore) && volumes.Exists(wanted);
            Volume volume = isThere ? volumes.Find(wanted!) : volumes.Create(wanted, LifecycleFlags.Labels(parsed.GetValue(label) ?? []));
            Streams.Output.WriteLine(volume.Name);
            return 0;
        }));
        return verb;
    }

    // An option would say what else is mounted in place of the volume's own directory: whoever can name a volume would mount that.
    private static void RefuseOptions(string[] options)
    {
        if (options is not [var option, ..])
            return;
        string instead = option switch
        {
            "type=tmpfs" or "device=tmpfs" => "for a tmpfs give the launch --tmpfs PATH, or --mount type=tmpfs,target=PATH,tmpfs-size=SIZE",
            _ when option == "type=bind" || option.StartsWith("device=", StringComparison.Ordinal) => "to mount a path of the host give the launch -v /PATH:PATH",
            _ => "leave it away",
        };
        throw new UsageException($"--opt: '{Printable.Clean(option)}': a volume is a directory of the store, and its driver has no options; {instead}");
    }

    private static Command CreateLs()
    {
        Option<string> format = OutputFormat.Option();
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show names only", Arity = ArgumentArity.Zero };
        var noHeading = new Option<bool>("--noheading", "-n") { Description = "Leave the headings away", Arity = ArgumentArity.Zero };
        Option<string[]> filter = Filter("Show those that fit: name (a regular expression), label, label!, dangling, driver, since, until", ["-f"]);
        var verb = new Command("ls", """
            List the volumes.

            Examples:
              podspawn-oci volume ls --filter dangling=true
              podspawn-oci volume ls --format json
            """)
        {
            quiet, noHeading, filter, format,
        };
        verb.Aliases.Add("list");
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            OutputFormat form = OutputFormat.Read(
                parsed.GetValue(format), VolumeReport.Group, () => [.. JsonValues.NamesOf(VolumeJson.Default.VolumeReport)], "VOLUME NAME");
            VolumeStore volumes = Store();
            VolumeFilter wanted = VolumeFilter.Parse(parsed.GetValue(filter) ?? [], volumes);
            List<Volume> found = [.. volumes.All().Where(wanted.Fits)];
            if (form.IsJson)
                Json.Write([.. Reports(volumes, found)], VolumeJson.Default.IReadOnlyListVolumeReport);
            else if (form.Template is not null)
                form.Print([.. Reports(volumes, found).Select(VolumeReport.Row)], !parsed.GetValue(noHeading));
            else if (parsed.GetValue(quiet))
                found.ForEach(volume => Streams.Output.WriteLine(volume.Name));
            else
                Print(found, parsed.GetValue(noHeading));
            return 0;
        }));
        return verb;
    }

    private static Command CreateInspect()
    {
        Option<string?> format = InspectVerb.Format();
        var all = new Option<bool>("--all", "-a") { Description = "Show every volume", Arity = ArgumentArity.Zero };
        Argument<string[]> names = Volumes(ArgumentArity.ZeroOrMore);
        var verb = new Command("inspect", """
            Print what is known of volumes, as JSON: where they are, their labels, and which containers use them.

            Examples:
              podspawn-oci volume inspect data
            """)
        {
            all, format, names,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            OutputFormat form = InspectVerb.Read(parsed.GetValue(format));
            VolumeStore volumes = Store();
            var found = new List<Volume>();
            int status = EachContainer.Do(Named(parsed.GetValue(names), parsed.GetValue(all), volumes), name => found.Add(volumes.Find(name)));
            if (form.IsJson)
                Json.Write([.. Reports(volumes, found)], VolumeJson.Default.IReadOnlyListVolumeReport);
            else
                form.Print([.. Reports(volumes, found).Select(VolumeReport.Row)]);
            return status;
        }));
        return verb;
    }

    private static Command CreateExists()
    {
        var name = new Argument<string>("NAME") { Description = "A volume's name" };
        var verb = new Command("exists", """
            Tell by the exit status whether there is a volume of that name: 0 where there is, 1 where there is none.

            Examples:
              podspawn-oci volume exists data || podspawn-oci volume create data
            """)
        {
            name,
        };
        verb.SetAction(parsed => Failures.Guard(() => Store().Exists(parsed.GetValue(name)!) ? ExitCodes.Success : ExitCodes.Failure));
        return verb;
    }

    private static Command CreateRm()
    {
        var all = new Option<bool>("--all", "-a") { Description = "Every volume", Arity = ArgumentArity.Zero };
        var force = new Option<bool>("--force", "-f") { Description = "One that is not there is no failure; one that is used stays all the same", Arity = ArgumentArity.Zero };
        var time = new Option<string?>("--time", "-t") { HelpName = "SECONDS", Description = "podman's time for containers to stop; none is stopped here" };
        Argument<string[]> names = Volumes(ArgumentArity.ZeroOrMore);
        var verb = new Command("rm", """
            Remove volumes, with all that is in them. One that a container uses stays, whether the container runs or not: remove that first.
            Exit status 1 when there is no such volume, 2 when one is used.

            Examples:
              podspawn-oci volume rm data
              podspawn-oci volume rm --all
            """)
        {
            all, force, time, names,
        };
        verb.Aliases.Add("remove");
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            if (parsed.GetValue(time) is { } text)
                LifecycleFlags.Seconds(text, "--time");
            VolumeStore volumes = Store();
            return EachContainer.Do(Named(parsed.GetValue(names), parsed.GetValue(all), volumes), name =>
            {
                try
                {
                    volumes.Remove(name);
                    Streams.Output.WriteLine(name);
                }
                catch (NoSuchVolumeException) when (parsed.GetValue(force) || parsed.GetValue(all))
                {
                    // As in docker, a volume that is already gone counts as removed.
                }
            }, ExitCodes.Failure);
        }));
        return verb;
    }

    private static Command CreatePrune()
    {
        var all = new Option<bool>("--all", "-a") { Description = "Remove those that have a name of the user's as well", Arity = ArgumentArity.Zero };
        var force = new Option<bool>("--force", "-f") { Description = "Do not ask", Arity = ArgumentArity.Zero };
        Option<string[]> filter = Filter("Remove those that fit, as with ls", []);
        var verb = new Command("prune", """
            Remove the volumes that no container uses: those that were made without a name, as with docker, or with --all every one. Asks before
            it does.

            Examples:
              podspawn-oci volume prune --force
              podspawn-oci volume prune --all --filter label=temporary
            """)
        {
            all, force, filter,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            VolumeStore volumes = Store();
            var pruning = new VolumePruning(volumes);
            IReadOnlyList<Volume> found = pruning.Find(VolumeFilter.Parse(parsed.GetValue(filter) ?? [], volumes), parsed.GetValue(all));
            if (!parsed.GetValue(force) && !IsAgreed(found))
                return 0;
            foreach (Volume volume in pruning.Remove(found))
                Streams.Output.WriteLine(volume.Name);
            return 0;
        }));
        return verb;
    }

    private static bool IsAgreed(IReadOnlyList<Volume> found)
    {
        if (found.Count == 0)
            return true;
        Streams.Output.WriteLine("WARNING! This will remove all volumes not used by at least one container. The following volumes will be removed:");
        foreach (Volume volume in found)
            Streams.Output.WriteLine(volume.Name);
        Streams.Output.Write("Are you sure you want to continue? [y/N] ");
        using var input = new StreamReader(new DescriptorStream(0));
        return input.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private static void Print(List<Volume> volumes, bool noHeading)
    {
        var table = new TextTable("DRIVER", "VOLUME NAME");
        foreach (Volume volume in volumes)
            table.Add(VolumeReport.OnlyDriver, volume.Name);
        if (!noHeading)
            table.Print();
        else
            Streams.Output.Write(string.Concat(table.Lines().Skip(1).Select(line => $"{line}\n")));
    }

    private static IEnumerable<VolumeReport> Reports(VolumeStore volumes, IEnumerable<Volume> found)
    {
        Func<Volume, IReadOnlyList<string>> users = volumes.Users();
        return found.Select(volume => VolumeReport.Of(volume, users));
    }

    private static IEnumerable<string> Named(string[]? names, bool all, VolumeStore volumes) => (all, names) switch
    {
        (true, null or []) => volumes.All().Select(volume => volume.Name),
        (true, _) => throw new UsageException("--all: names stand beside it; give the one or the other"),
        (false, { Length: > 0 }) => names,
        _ => throw new UsageException("VOLUME is missing; name one or more, or give --all"),
    };

    private static Argument<string[]> Volumes(ArgumentArity arity) => new("VOLUME") { Description = "A volume's name", Arity = arity };

    private static Option<string[]> Filter(string description, string[] letters) =>
        new("--filter", letters) { HelpName = "KEY=VALUE", Description = description, AllowMultipleArgumentsPerToken = false };
}
