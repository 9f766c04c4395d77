using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Lifecycle;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>mount</c> and <c>unmount</c>: the files of containers for people who look at them and change them.</summary>
internal static class MountVerbs
{
    /// <summary>The verb that undoes it.</summary>
    internal const string Unmount = "unmount";

    /// <summary>Its other name, which is umount(8)'s.</summary>
    internal const string OtherUnmount = "umount";

    internal static Command CreateMount()
    {
        var all = new Option<bool>("--all", "-a") { Description = "Mount every container", Arity = ArgumentArity.Zero };
        Option<string> format = Formats.Option();
        var whole = new Option<bool>("--no-trunc", "--notruncate") { Description = "List ids in full", Arity = ArgumentArity.Zero };
        Argument<string[]> containers = Names("A container's name, id, or the beginning of its id; without one the mounted containers are listed");
        var verb = new Command("mount", """
            Mount the root filesystems of containers on the host, and tell where. It is the root that the container has, whether it runs or not: what is written there, it
            finds. Nothing in such a mount can be run or is a device.

            Examples:
              podspawn-oci mount web
              podspawn-oci mount --no-trunc
            """)
        {
            all, format, whole,
        };
        verb.Arguments.Add(containers);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            bool json = Formats.IsJson(parsed.GetValue(format));
            ContainerRegistry registry = EachContainer.Registry();
            var mounts = new ContainerMounts(registry);
            string[] named = Named(parsed, containers, all);
            if (named.Length == 0 && !parsed.GetValue(all))
            {
                Print(mounts.All(), json, parsed.GetValue(whole));
                return 0;
            }
            // One that runs in the foreground is discarded with its end.
            IEnumerable<string> meant = parsed.GetValue(all) ? registry.All().Where(container => !container.Definition.Foreground).Select(container => container.Id) : named;
            return EachContainer.Do(meant.ToArray(), text => Streams.Output.WriteLine(mounts.Mount(registry.Find(text))));
        }));
        return verb;
    }

    internal static Command CreateUnmount()
    {
        var all = new Option<bool>("--all", "-a") { Description = "Unmount every container", Arity = ArgumentArity.Zero };
        var force = new Option<bool>("--force", "-f") { Description = "Unmount one that is in use as soon as it is not", Arity = ArgumentArity.Zero };
        Argument<string[]> containers = Names("A container's name, id, or the beginning of its id");
        var verb = new Command(Unmount, """
            Unmount containers that mount has mounted, and print their ids. A container that runs keeps its root.

            Examples:
              podspawn-oci unmount web
              podspawn-oci unmount --all
            """)
        {
            all, force,
        };
        verb.Aliases.Add(OtherUnmount);
        verb.Arguments.Add(containers);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            ContainerRegistry registry = EachContainer.Registry();
            var mounts = new ContainerMounts(registry);
            string[] named = Named(parsed, containers, all);
            if (named.Length == 0 && !parsed.GetValue(all))
                throw new UsageException("CONTAINER is missing; write podspawn-oci unmount CONTAINER..., or podspawn-oci unmount --all");
            IEnumerable<string> meant = parsed.GetValue(all) ? mounts.All().Select(mount => mount.Container.Id) : named;
            return EachContainer.Do(meant.ToArray(), text =>
            {
                Container container = registry.Find(text);
                // One that is not mounted needs nothing.
                if (mounts.Unmount(container, parsed.GetValue(force)))
                    Streams.Output.WriteLine(container.Id);
            });
        }));
        return verb;
    }

    private static Argument<string[]> Names(string description) => new("CONTAINER") { Description = description, Arity = ArgumentArity.ZeroOrMore };

    private static string[] Named(ParseResult parsed, Argument<string[]> containers, Option<bool> all)
    {
        string[] named = parsed.GetValue(containers) ?? [];
        return named.Length > 0 && parsed.GetValue(all) ? throw new UsageException("--all: means every container; name containers, or leave the flag away") : named;
    }

    private static void Print(IReadOnlyList<(Container Container, string Path)> mounted, bool json, bool whole)
    {
        if (json)
        {
            Json.Write([.. mounted.Select(mount => new MountReport(mount.Container.Id, [mount.Container.Name], mount.Path))], JsonReports.Default.IReadOnlyListMountReport);
            return;
        }
        foreach ((Container container, string path) in mounted)
            Streams.Output.WriteLine($"{(whole ? container.Id : container.ShortId)} {path}");
    }
}
