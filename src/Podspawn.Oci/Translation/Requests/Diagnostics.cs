using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Translation.Requests;

/// <summary>
/// Collects what the rules find, so that the user sees every problem at once. A field counts as enforced in another way exactly when a note says how:
/// no rule can claim the one and forget the other.
/// </summary>
internal sealed class Diagnostics(PodspawnConfig config)
{
    private readonly List<Problem> problems = [];
    private readonly List<Note> notes = [];
    private readonly List<string> letGo = [];

    public bool HasProblems => problems.Count > 0;

    public void Refuse(string key, string what, string hint) => problems.Add(
        LaunchKeys.SettingOf(key) is { } setting ? new Problem("", what, hint, Origin.FromFlag(setting)) : new Problem(key, what, hint, config.OriginOf(key)));

    /// <summary>Adds a problem of the launch itself, which belongs to no config key.</summary>
    public void RefuseLaunch(string what, string hint) => problems.Add(new Problem("", what, hint, Origin.Default));

    /// <summary>Adds a problem of two things that exclude each other: where the user has said both at once, the one that a config key holds is not looked for in a file.</summary>
    public void RefuseSecond(string key, string what, string hint)
    {
        if (config.OriginOf(key).Flag is null)
            Refuse(key, what, hint);
        else
            RefuseLaunch(what, "");
    }

    public void Tell(Note note) => notes.Add(note);

    public void Inform(string key, string text) => notes.Add(new Note(key, NoteSeverity.Info, text));

    public void Differs(string key, string text) => notes.Add(new Note(key, NoteSeverity.Differently, text));

    /// <summary>
    /// Notes a difference that every container of this runtime has and that takes no protection away from what the launch starts. Where the user has set the key, it is told at
    /// once; where not, to who asks.
    /// </summary>
    public void DiffersByNature(string key, string text) =>
        notes.Add(new Note(key, NoteSeverity.Differently, text) { IsNature = config.OriginOf(key) == Origin.Default });

    public void Warn(string key, string text) => notes.Add(new Note(key, NoteSeverity.Warning, text));

    /// <summary>Reports that the field cannot be enforced: a problem, unless the user has waived the field by name. True where it was waived.</summary>
    public bool RefuseUnlessWaived(string key, string why, IReadOnlySet<string> allowed, string hint)
    {
        string name = Keys.Short(key);
        if (!allowed.Contains(name))
        {
            Refuse(key, why, $"{hint}, or let it go with {Setting.AllowUnenforced} {name}");
            return false;
        }

        letGo.Add(key);
        Warn(key, $"not enforced: {why}");
        return true;
    }

    public Enforcement EnforcementOf(string key)
    {
        foreach (string element in letGo)
        {
            if (Keys.IsWithin(element, key))
                return Enforcement.Unenforced;
        }

        foreach (Note note in notes)
        {
            if (note.Severity == NoteSeverity.Differently && Keys.IsWithin(note.Key, key))
                return Enforcement.Differently;
        }

        return Enforcement.Enforced;
    }

    public IReadOnlyList<Problem> Problems() => InOrder(problems, static problem => problem.Key);

    public IReadOnlyList<Note> Notes() => InOrder(notes, static note => note.Key);

    private static List<T> InOrder<T>(List<T> found, Func<T, string> keyOf)
    {
        if (found.Count < 2)
            return found;
        List<T> ordered = new(found.Count);
        foreach (string key in (ReadOnlySpan<string>)[.. Keys.InOrder, .. LaunchKeys.InOrder])
        {
            foreach (T item in found)
            {
                if (Keys.IsWithin(keyOf(item), key))
                    ordered.Add(item);
            }
        }

        foreach (T item in found)
        {
            if (keyOf(item).Length == 0)
                ordered.Add(item);
        }

        return ordered;
    }
}
