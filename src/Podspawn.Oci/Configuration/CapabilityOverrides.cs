using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Configuration;

/// <summary>A list of the config with the origin of each element.</summary>
internal sealed record SourcedList(IReadOnlyList<KeyValuePair<string, Origin>> Items, Origin Origin);

/// <summary>
/// How <c>--cap-add</c> and <c>--cap-drop</c> override the file: capability by capability, so that a flag removes its capability from the file's
/// opposite list. Between the flags themselves the common rule holds: a capability that both name is added.
/// </summary>
internal static class CapabilityOverrides
{
    private const string All = "ALL";
    private const string Prefix = "CAP_";

    public static (SourcedList Add, SourcedList Drop) Apply(
        SourcedList fileAdd, SourcedList fileDrop, IReadOnlyList<string> flagAdd, IReadOnlyList<string> flagDrop)
    {
        Origin addFlag = Origin.FromFlag(Setting.CapAdd);
        Origin dropFlag = Origin.FromFlag(Setting.CapDrop);
        HashSet<string> added = Names(flagAdd);
        HashSet<string> dropped = Names(flagDrop);
        bool dropsAll = dropped.Contains(All);

        var add = new List<KeyValuePair<string, Origin>>();
        if (!dropsAll)
            Retain(fileAdd, add, name => !added.Contains(name) && !dropped.Contains(name));
        bool addShrank = add.Count < fileAdd.Items.Count;
        Append(flagAdd, add, addFlag, _ => true);

        var drop = new List<KeyValuePair<string, Origin>>();
        // ALL in both lists is no contradiction: what cap_drop names is still removed from all, so the file's ALL may stay.
        Retain(fileDrop, drop, name => !dropped.Contains(name) && (name == All || !added.Contains(name)));
        bool dropShrank = drop.Count < fileDrop.Items.Count;
        // An added capability wins, unless ALL is added: then a name in --cap-drop is an exception.
        Append(flagDrop, drop, dropFlag, name => name == All || added.Contains(All) || !added.Contains(name));

        return (
            new SourcedList(add, flagAdd.Count > 0 ? addFlag : addShrank ? dropFlag : fileAdd.Origin),
            new SourcedList(drop, flagDrop.Count > 0 ? dropFlag : dropShrank ? addFlag : fileDrop.Origin));
    }

    private static void Retain(SourcedList file, List<KeyValuePair<string, Origin>> kept, Predicate<string> isKept)
    {
        foreach (KeyValuePair<string, Origin> item in file.Items)
        {
            if (isKept(Bare(item.Key)))
                kept.Add(item);
        }
    }

    private static void Append(
        IReadOnlyList<string> names, List<KeyValuePair<string, Origin>> list, Origin origin, Predicate<string> isTaken)
    {
        HashSet<string> seen = [];
        foreach (string name in names)
        {
            if (isTaken(Bare(name)) && seen.Add(Bare(name)))
                list.Add(new(name, origin));
        }
    }

    private static HashSet<string> Names(IReadOnlyList<string> names)
    {
        var bare = new HashSet<string>();
        foreach (string name in names)
            bare.Add(Bare(name));
        return bare;
    }

    private static string Bare(string name)
    {
        string upper = name.ToUpperInvariant();
        return upper.StartsWith(Prefix, StringComparison.Ordinal) ? upper[Prefix.Length..] : upper;
    }
}
