using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.RootFilesystems;

/// <summary>
/// The place at which something is mounted that is named by a path with symbolic links: an image may have <c>/data</c> lead to <c>/srv/data</c>, which
/// it need not have. The links are followed inside the root here, once and for all, so that the runtime gets a path that no link moves.
/// </summary>
internal static class MountPoint
{
    private const int MostLinks = 40; // path_resolution(7)
    private static readonly string[] Kernels = ["/proc", "/sys", "/dev"];

    /// <summary>The path without links; a part that the root does not have stays as it is, for it is made.</summary>
    /// <param name="root">The root filesystem.</param>
    /// <param name="path">An absolute path without <c>..</c>.</param>
    /// <exception cref="RootFilesystemException">
    /// A link leads in a circle, or to where only the kernel or the runtime puts something: what is there in the container, such as /proc/self/fd, can
    /// be a file of the host.
    /// </exception>
    internal static string Of(RootFilesystem root, string path)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(path) > ExecLimits.LongestPath)
            throw new RootFilesystemException(root.Path,
                $"a path inside is longer than the {ExecLimits.LongestPath} bytes that the kernel takes ('{Printable.Clean(path, 40)}')", "name a shorter one");
        var rest = new Stack<string>();
        Push(rest, path);
        string at = "", lastLink = "";
        for (int links = 0; rest.TryPop(out string? name);)
        {
            if (name == "..")
            {
                at = at.Length == 0 ? "" : at[..at.LastIndexOf('/')];
                continue;
            }
            string next = $"{at}/{name}";
            if (LinkAt(root, next) is not { } target)
            {
                at = next;
                continue;
            }
            if (++links > MostLinks)
                throw new RootFilesystemException(root.Path + next, $"{next} is a symbolic link that leads in a circle", "name the path that is meant");
            lastLink = next;
            if (target.StartsWith('/'))
                at = "";
            Push(rest, target);
        }
        if (lastLink.Length > 0 && IsKernels(at) && !root.Has(at))
            throw new RootFilesystemException(root.Path + lastLink, $"{lastLink} is a symbolic link to what the root filesystem does not have", "name the path that it leads to");
        return at.Length == 0 ? "/" : at;
    }

    private static bool IsKernels(string path) => Kernels.Any(place => ContainerPath.IsAtOrBelow(path, place));

    private static string? LinkAt(RootFilesystem root, string path)
    {
        using SafeFileHandle? found = PathCalls.OpenBelow(
            root.Directory, path[1..], PathCalls.O_PATH | PathCalls.O_NOFOLLOW, PathCalls.Resolve.Beneath, out _);
        return found is not null && FileKind.Of(found) == FileKind.Link ? EntryCalls.ReadLink(found).Text : null;
    }

    private static void Push(Stack<string> rest, string path)
    {
        foreach (string part in path.Split('/').Reverse())
        {
            if (part is not ("" or "."))
                rest.Push(part);
        }
    }
}
