using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle;

/// <summary>
/// Whether what a container says can go where its user wants it. conmon opens a file by its path, follows links, and begins it anew by a rename: so no
/// other user may change the way to it.
/// </summary>
internal static class LogPlace
{
    /// <summary>The socket of the journal (systemd-journald.service(8)).</summary>
    private const string Journal = "/run/systemd/journal/socket";

    // conmon takes what comes after another colon for nothing.
    private const char EndOfPath = ':';

    /// <summary>Requires a place that can be written to by nobody but root; a file that is not there yet is made by the start.</summary>
    /// <exception cref="ContainerException">There is none.</exception>
    internal static void Require(LogTarget target)
    {
        // Without its socket the journal's library drops each entry in silence.
        if (target.Driver == LogDriver.Journald && FileKind.FactsOf(Journal) is not { Type: FileKind.Socket })
            throw new ContainerException($"{Setting.LogDriver}: journald does not run on this host: there is no {Journal}; use k8s-file");
        if (target.Path is { } path)
            RequireFile(path);
    }

    private static void RequireFile(string path)
    {
        if (!path.StartsWith('/') || path.Contains(EndOfPath) || path.Any(char.IsControl))
            throw Bad(path, $"holds a control character or '{EndOfPath}', or is relative", "name another file");
        uint self = ProcessCalls.EffectiveUser();
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string at = "";
        SafeFileHandle here = PathCalls.Open("/", PathCalls.O_PATH | PathCalls.O_DIRECTORY, out int errno) ?? throw new IOException($"/: {Errno.Text(errno)}");
        try
        {
            for (int i = 0; i < names.Length; i++)
            {
                at = $"{at}/{names[i]}";
                bool isLast = i == names.Length - 1;
                SafeFileHandle? next = PathCalls.OpenBelow(here, names[i], PathCalls.O_PATH | PathCalls.O_NOFOLLOW, PathCalls.Resolve.Beneath, out errno);
                if (next is null && isLast && errno == Errno.ENOENT)
                    return;
                here.Dispose();
                here = next ?? throw Bad(path, $"cannot be reached: {at}: {Errno.Text(errno)}", "make its directory first");
                RequireStep(path, at, EntryFacts.Of(here), self, isLast, isParent: i == names.Length - 2);
            }
        }
        finally
        {
            here.Dispose();
        }
    }

    private static void RequireStep(string path, string at, EntryFacts facts, uint self, bool isLast, bool isParent)
    {
        const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        if (facts.Type == FileKind.Link)
            throw Bad(path, $"leads over the symbolic link {at}", "name the file itself");
        if (facts.Type != (isLast ? FileKind.Regular : FileKind.Directory))
            throw Bad(path, isLast ? $"is a {facts.Kind}" : $"cannot be reached: {at} is a {facts.Kind}", "name a file");
        if (facts.Uid != 0 && facts.Uid != self)
            throw Bad(path, $"{at} belongs to another user", "use a directory that only root can change");
        // Other names of the file are under other directories' protection.
        if (isLast && facts.Links > 1)
            throw Bad(path, "has another name as well (a hard link)", "name another file");
        // In a directory such as /tmp others cannot move what is root's; but they could put a link where the log begins anew.
        bool isSticky = !isLast && !isParent && facts.Permissions.HasFlag(UnixFileMode.StickyBit);
        if ((facts.Permissions & Others) != 0 && !isSticky)
            throw Bad(path, $"others may write to {at}", "use a directory that only root can change");
    }

    private static ContainerException Bad(string path, string what, string hint) => new($"{Setting.LogOpt}: path={Printable.Line(path)}: {what}; {hint}");
}
