using System.CommandLine;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>image</c>: the verbs for images under their noun.</summary>
internal static class ImageNoun
{
    internal static Command Create()
    {
        var noun = new Command("image", """
            The verbs for images under their noun; most of them are there without it too.

            Examples:
              podspawn-oci image ls
              podspawn-oci image exists debian:12
            """);
        foreach (Command verb in Verbs())
            noun.Subcommands.Add(verb);
        return noun;
    }

    /// <summary>The verbs below the noun.</summary>
    internal static IEnumerable<Command> Verbs()
    {
        yield return ImageExistsVerb.Create();
        yield return HistoryVerb.Create();
        yield return ImportVerb.Create();
        yield return ImageInspectVerb.Create();
        yield return LoadVerb.Create();
        yield return Renamed(ImagesVerb.Create(), "ls", "list");
        yield return ImageMountVerbs.CreateMount();
        yield return ImagePruneVerb.Create();
        yield return PullVerb.Create();
        yield return PushVerb.Create();
        yield return Renamed(RmiVerb.Create(), "rm");
        yield return SaveVerb.Create();
        yield return TagVerbs.CreateTag();
        yield return ImageMountVerbs.CreateUnmount();
        yield return TagVerbs.CreateUntag();
    }

    private static Command Renamed(Command verb, string name, params string[] others)
    {
        var renamed = new Command(name, verb.Description) { Action = verb.Action };
        foreach (Option option in verb.Options)
            renamed.Options.Add(option);
        foreach (Argument argument in verb.Arguments)
            renamed.Arguments.Add(argument);
        foreach (string other in others)
            renamed.Aliases.Add(other);
        return renamed;
    }
}
