using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.RootFilesystems;

/// <summary>Resolves <c>USER[:GROUP]</c> in the root filesystem's own passwd(5) and group(5), as docker's <c>--user</c> does.</summary>
public sealed class UserDatabase
{
    private const int LargestFile = 4 << 20;

    private readonly string passwd;
    private readonly string group;

    private UserDatabase(string passwd, string group)
    {
        this.passwd = passwd;
        this.group = group;
    }

    /// <summary>A database without names, only numbers.</summary>
    public static UserDatabase Empty { get; } = new("", "");

    /// <summary>
    /// Reads both files, wherever links inside the root lead to them, as in images that keep /etc in a store of their own; a missing one counts as
    /// empty.
    /// </summary>
    /// <exception cref="RootFilesystemException">A file is a link that leads out of the root, or not a regular file.</exception>
    public static UserDatabase Read(RootFilesystem root) =>
        new(root.ReadFile("/etc/passwd", LargestFile) ?? "", root.ReadFile("/etc/group", LargestFile) ?? "");

    /// <summary>Refuses files that a runtime would open and then wait for: runc looks the user up by itself, in whatever a container has left at both paths.</summary>
    /// <exception cref="RootFilesystemException">A file is a FIFO, a device or the like, or a link to one.</exception>
    internal static void RequireFiles(RootFilesystem root)
    {
        foreach (string path in new[] { "/etc/passwd", "/etc/group" })
        {
            using SafeFileHandle? file = root.OpenInside(path, PathCalls.O_PATH, out _);
            if (file is not null && (FileKind.Of(file) is not (FileKind.Regular or FileKind.Directory) || KernelFiles.Are(file)))
                throw new RootFilesystemException(root.Path + path, "is not a regular file", "put one there: the runtime reads it");
        }
    }

    /// <summary>Resolves <paramref name="user"/> to numbers, and to the home directory (<c>/</c> where passwd has none).</summary>
    /// <param name="user">Null or empty for root; otherwise names or numbers, <c>USER</c>, <c>USER:GROUP</c> or <c>:GROUP</c>.</param>
    /// <exception cref="RootFilesystemException">There is no such user or group.</exception>
    public (ProcessUser User, string Home) Resolve(string? user)
    {
        string text = user ?? "";
        int colon = text.IndexOf(':');
        string userPart = colon < 0 ? text : text[..colon];
        string groupPart = colon < 0 ? "" : text[(colon + 1)..];
        if (userPart.Length == 0)
            userPart = "0";

        bool numeric = TryId(userPart, out uint uid);
        // A number is never looked up as a name: a hostile passwd could name its root "1000" (CVE-2016-3697).
        uint wanted = uid;
        string[]? entry = FindPasswd(fields => numeric ? TryId(fields[2], out uint id) && id == wanted : fields[0] == userPart);
        if (entry is null && !numeric)
            throw new RootFilesystemException(Setting.User.ToString(), $"no user '{userPart}' in the root filesystem", "name a user that it has, or a number");

        uint gid = 0;
        if (entry is not null)
        {
            if (!TryId(entry[2], out uid) || !TryId(entry[3], out gid))
                throw new RootFilesystemException("/etc/passwd", $"the entry of user '{entry[0]}' has no usable numbers", "mend the file, or give numbers");
        }
        string home = entry is { Length: > 5 } && entry[5].StartsWith('/') ? entry[5] : "/";
        if (groupPart.Length > 0)
            return (new ProcessUser(uid, FindGroup(groupPart), []), home);
        return (new ProcessUser(uid, gid, entry is null ? [] : GroupsOf(entry[0], gid)), home);
    }

    /// <summary>The user with further groups, by names or numbers.</summary>
    /// <exception cref="RootFilesystemException">There is no such group.</exception>
    public ProcessUser Join(ProcessUser user, IReadOnlyList<string> groups) => groups.Count == 0 ? user : user with
    {
        AdditionalGids = [.. user.AdditionalGids.Concat(groups.Select(name => FindGroup(name, Setting.GroupAdd))).Distinct()],
    };

    private uint FindGroup(string name, Setting? setting = null)
    {
        if (TryId(name, out uint number))
            return number;
        foreach (string[] fields in Entries(group, 3))
        {
            if (fields[0] == name && TryId(fields[2], out uint gid))
                return gid;
        }
        throw new RootFilesystemException((setting ?? Setting.User).ToString(), $"no group '{name}' in the root filesystem", "name a group that it has, or a number");
    }

    private List<uint> GroupsOf(string name, uint primary)
    {
        var groups = new List<uint>();
        var seen = new HashSet<uint> { primary };
        foreach (string[] fields in Entries(group, 4))
        {
            if (!fields[3].Split(',').Contains(name) || !TryId(fields[2], out uint gid) || !seen.Add(gid))
                continue;
            if (seen.Count > ExecLimits.MostGroups)
                throw new RootFilesystemException("/etc/group", $"'{Text.Printable.Clean(name)}' is in more than the {ExecLimits.MostGroups} groups that the kernel takes",
                    "name the group as well, USER:GROUP");
            groups.Add(gid);
        }
        return groups;
    }

    private string[]? FindPasswd(Func<string[], bool> matches) => Entries(passwd, 4).FirstOrDefault(matches);

    private static IEnumerable<string[]> Entries(string file, int fewestFields)
    {
        int start = 0;
        while (start < file.Length)
        {
            int end = file.IndexOf('\n', start);
            string line = file[start..(end < 0 ? file.Length : end)];
            start = end < 0 ? file.Length : end + 1;
            string[] fields = line.Split(':');
            if (fields.Length >= fewestFields && fields[0].Length > 0 && fields[0][0] != '#')
                yield return fields;
        }
    }

    // The kernel's (uid_t)-1 means "no change" (setuid(2)): it is never a user.
    private static bool TryId(string text, out uint id) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id != uint.MaxValue;
}
