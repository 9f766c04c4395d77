using System.CommandLine;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Images.Store;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>tag</c> and <c>untag</c>: the names of images.</summary>
internal static class TagVerbs
{
    internal static Command CreateTag()
    {
        var storeFlags = new StoreFlags();
        var image = new Argument<string>("IMAGE") { Description = "A name, an id, a digest, or its first digits" };
        var names = new Argument<string[]>("NAME") { Description = "A further name, such as tool:1.0", Arity = ArgumentArity.OneOrMore };
        var verb = new Command("tag", """
            Give an image of the store further names. A name that another image has had stands for this one from then on.

            Examples:
              podspawn-oci tag debian:12 registry.example/team/base:12
              podspawn-oci tag 3f2a9c tool tool:1.0
            """);
        storeFlags.AddTo(verb);
        verb.Arguments.Add(image);
        verb.Arguments.Add(names);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            ImageName[] wanted = [.. parsed.GetValue(names)!.Select(ImageWords.New)];
            new ImageTags(storeFlags.Open(parsed)).Tag(ImageSource.Parse(parsed.GetValue(image)!), wanted);
            return 0;
        }));
        return verb;
    }

    internal static Command CreateUntag()
    {
        var storeFlags = new StoreFlags();
        var image = new Argument<string>("IMAGE") { Description = "A name, an id, a digest, or its first digits" };
        var names = new Argument<string[]>("NAME") { Description = "A name that it loses; all of them without one", Arity = ArgumentArity.ZeroOrMore };
        var verb = new Command("untag", """
            Take names from an image of the store. The image stays, also without a name: rmi removes it by its id, and prune whatever has no name.

            Examples:
              podspawn-oci untag tool tool:1.0
              podspawn-oci untag 3f2a9c
            """);
        storeFlags.AddTo(verb);
        verb.Arguments.Add(image);
        verb.Arguments.Add(names);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            ImageName[] gone = [.. (parsed.GetValue(names) ?? []).Select(ImageWords.Name)];
            new ImageTags(storeFlags.Open(parsed)).Untag(ImageSource.Parse(parsed.GetValue(image)!), gone);
            return 0;
        }));
        return verb;
    }
}
