using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>
/// Whether only root can change what a path leads to. Every step counts: each directory, each link with the directory that it lies in, each directory
/// of the link's target. Where all of them are root's, no other user can put another program there between the check and the start.
/// </summary>
internal static class TrustedPath
{
    private const int MostLinks = 40; // path_resolution(7)

    /// <summary>The first step on the way that a user other than root and ourselves may change; null where there is none.</summary>
    /// <param name="path">An absolute path that exists.</param>
    internal static string? Culprit(string path)
    {
        uint self = ProcessCalls.EffectiveUser();
        var rest = new Stack<string>();
        Push(rest, path);
        string at = "/";
        SafeFileHandle here = Root();
        try
        {
            if (!IsOurs(here, self))
                return at;
            for (int links = 0; rest.TryPop(out string? name);)
            {
                string next = name == ".." ? Parent(at) : $"{at.TrimEnd('/')}/{name}";
                SafeFileHandle? opened = PathCalls.OpenBelow(here, name, PathCalls.O_PATH | PathCalls.O_NOFOLLOW, 0, out _);
                if (opened is null)
                    return next;
                bool isLink = FileKind.Of(opened) == FileKind.Link;
                // A link's mode means nothing: it can be changed by a user who may write to its directory, which was checked before.
                if (isLink ? FileKind.FactsOf(opened) is not { } facts || !IsOwner(facts.Uid, self) || ++links > MostLinks : !IsOurs(opened, self))
                {
                    opened.Dispose();
                    return next;
                }
                if (!isLink)
                {
                    here.Dispose();
                    (here, at) = (opened, next);
                    continue;
                }
                string target = EntryCalls.ReadLink(opened).Text;
                opened.Dispose();
                Push(rest, target);
                if (target.StartsWith('/'))
                {
                    here.Dispose();
                    (here, at) = (Root(), "/");
                }
            }
            return null;
        }
        finally
        {
            here.Dispose();
        }
    }

    private static SafeFileHandle Root() =>
        PathCalls.Open("/", PathCalls.O_PATH | PathCalls.O_DIRECTORY, out int errno) ?? throw new IOException($"/: {Errno.Text(errno)}");

    private static string Parent(string path) => path.LastIndexOf('/') is > 0 and int slash ? path[..slash] : "/";

    private static void Push(Stack<string> rest, string path)
    {
        string[] parts = path.Split('/');
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            if (parts[i] is not ("" or "."))
                rest.Push(parts[i]);
        }
    }

    private static bool IsOurs(SafeFileHandle file, uint self) =>
        FileKind.FactsOf(file) is { } facts && IsOwner(facts.Uid, self) && (facts.Mode & (int)FileModes.OthersWrite) == 0;

    private static bool IsOwner(uint uid, uint self) => uid == 0 || uid == self;
}
