using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation.Tmpfs;

/// <summary>
/// Parses a tmpfs option string, and checks it against what the kernel knows (tmpfs(5), mount(8)). The runtimes do not help here: some fail
/// obscurely, some silently ignore an unknown option.
/// </summary>
internal static class TmpfsOptions
{
    /// <summary>The hardened defaults; each of the user's options replaces the one of its group.</summary>
    private static TmpfsOption[] Defaults() =>
        [new("exec", "noexec"), new("suid", "nosuid"), new("dev", "nodev"), new("propagation", "rprivate")];

    public static IReadOnlyList<TmpfsOption> Parse(string key, string written, Diagnostics diagnostics)
    {
        List<TmpfsOption> options = [.. Defaults()];
        if (written.Length == 0)
            return options;
        foreach (string text in written.Split(','))
        {
            if (Read(key, text, diagnostics) is { } option)
            {
                options.RemoveAll(earlier => earlier.Group == option.Group);
                options.Add(option);
            }
        }

        return options;
    }

    private static TmpfsOption? Read(string key, string text, Diagnostics diagnostics)
    {
        if (MountFlags.GroupOf(text) is { } group)
            return new TmpfsOption(group, text);

        int equals = text.IndexOf('=');
        if (equals < 0 || !TmpfsValues.IsKey(text[..equals]))
        {
            RefuseUnknown(key, text, diagnostics);
            return null;
        }

        string name = text[..equals];
        if (TmpfsValues.Check(name, text[(equals + 1)..]) is { } problem)
        {
            diagnostics.Refuse(key, problem.What, problem.Hint);
            return null;
        }

        return new TmpfsOption(name, text);
    }

    private static void RefuseUnknown(string key, string text, Diagnostics diagnostics)
    {
        string name = text.IndexOf('=') is var equals and >= 0 ? text[..equals] : text;
        if (text.Length == 0)
            diagnostics.Refuse(key, "an option is empty", "remove the extra comma");
        else if (text is "bind" or "rbind" or "remount")
            diagnostics.Refuse(key, $"'{text}' makes no tmpfs", "remove it");
        else if (TmpfsValues.IsKey(text))
            diagnostics.Refuse(key, $"'{text}' has no value", $"write {text}={TmpfsValues.Example(text)}");
        else if (MountFlags.GroupOf(name) is not null)
            diagnostics.Refuse(key, $"'{name}' takes no value", $"write {name}");
        else
            diagnostics.Refuse(key, $"unknown mount option '{Printable.Clean(text)}'", Suggest(name.Trim().ToLowerInvariant()));
    }

    private static string Suggest(string name) =>
        Suggestion.DidYouMean(name, [.. MountFlags.All(), .. TmpfsValues.Keys()])
        ?? "options are mount flags such as noexec, and size, mode, uid, gid, nr_inodes, nr_blocks, mpol";
}
