using System.Runtime.InteropServices;

namespace Podspawn.Oci.Native;

/// <summary>Directories that only we may enter.</summary>
internal static class PrivateDirectory
{
    /// <summary>Creates the directories, parents included; an existing one has to be ours alone.</summary>
    /// <exception cref="IOException">A directory cannot be created, or belongs to another user.</exception>
    internal static void Make(params ReadOnlySpan<string> directories)
    {
        foreach (string directory in directories)
        {
            if (PathCalls.Mkdir(directory, FileModes.OwnersDirectory) == 0)
                continue;
            int errno = Marshal.GetLastPInvokeError();
            if (errno == Errno.ENOENT)
            {
                Directory.CreateDirectory(directory, FileModes.OwnersDirectory);
                continue;
            }
            if (errno != Errno.EEXIST)
            {
                throw new IOException(errno is Errno.EACCES or Errno.EPERM
                    ? $"{directory}: {Errno.Text(errno)}; run podspawn-oci as root"
                    : $"{directory}: {Errno.Text(errno)}; make its filesystem writable, with room to spare");
            }
            if (FileKind.FactsOf(directory) is not { } facts || facts.Type != FileKind.Directory || facts.Uid != ProcessCalls.EffectiveUser()
                || (facts.Mode & (int)FileModes.OthersWrite) != 0)
                throw new IOException($"{directory}: does not belong to us alone; remove it, or give it to root with mode 0700");
        }
    }
}
