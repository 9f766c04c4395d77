using System.CommandLine;
using Podspawn.Oci.Images.Store;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>The flag of every verb that works with images: the store.</summary>
internal sealed class StoreFlags
{
    private readonly Option<string?> dataRoot = new("--data-root") { HelpName = "DIR",
        Description = "The directory of the image store (default: /var/lib/podspawn-oci; without root, below XDG_DATA_HOME)" };

    internal void AddTo(Command verb) => verb.Options.Add(dataRoot);

    internal string? Root(ParseResult parsed) => parsed.GetValue(dataRoot);

    internal ImageStore Open(ParseResult parsed) => ImageStore.Open(Root(parsed));
}
