using System.CommandLine;

namespace Podspawn.Oci.Cli.Reading;

/// <summary>
/// The flags that a command line has given so far. Of a flag that holds one value the last one counts, as in docker and podman; one that holds several
/// keeps all of them, in order.
/// </summary>
internal sealed class GivenFlags
{
    private readonly List<(Option Option, string Value)> given = [];

    /// <summary>Adds a flag with its value, which fits it.</summary>
    internal void Add(Option option, string value)
    {
        if (option.Arity.MaximumNumberOfValues <= 1)
            given.RemoveAll(earlier => earlier.Option == option);
        given.Add((option, value));
    }

    /// <summary>Whether the user has asked for something that is shown in place of what the verb does.</summary>
    internal bool Has<T>()
        where T : Option => given.Any(flag => flag.Option is T && flag.Value != FlagKind.Off);

    /// <summary>The flags in a form that has one reading only: the full name, and behind it the value in the same word.</summary>
    /// <param name="which">Those that are meant.</param>
    internal IEnumerable<string> Words(Func<Option, bool> which) => given.Where(flag => which(flag.Option)).SelectMany(flag => Words(flag.Option, flag.Value));

    private static string[] Words(Option option, string value)
    {
        // A switch takes no value: one that is off is one that is not there.
        if (option.Arity.MaximumNumberOfValues == 0)
            return value == FlagKind.Off ? [] : [option.Name];
        // To the parser "--user=" has no value yet, and it would take the next word for it.
        return value.Length == 0 ? [option.Name, ""] : [$"{option.Name}={value}"];
    }
}
