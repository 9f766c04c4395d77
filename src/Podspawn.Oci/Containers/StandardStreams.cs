using Podspawn.Oci.Native;

namespace Podspawn.Oci.Containers;

/// <summary>Our standard streams, which the runtime inherits.</summary>
internal static class StandardStreams
{
    /// <summary>Puts /dev/null in place of stdin: without <c>-i</c> a container reads nothing of the caller's.</summary>
    internal static void SilenceInput()
    {
        int fd = PathCalls.Open("/dev/null", PathCalls.O_RDONLY | PathCalls.O_CLOEXEC);
        if (fd < 0 || Tmds.Linux.LibC.dup2(fd, 0) < 0)
            throw new ContainerException("cannot open /dev/null; mend the host's /dev");
        if (fd != 0)
            _ = Tmds.Linux.LibC.close(fd);
    }

    /// <summary>Those of our standard streams that are regular files, which some runtimes do not share with us as they should.</summary>
    internal static IReadOnlyList<int> RegularFiles()
    {
        var found = new List<int>();
        for (int fd = 0; fd <= 2; fd++)
        {
            using var stream = new Microsoft.Win32.SafeHandles.SafeFileHandle(fd, ownsHandle: false);
            if (FileKind.Of(stream) == FileKind.Regular)
                found.Add(fd);
        }
        return found;
    }

    /// <summary>Whether we have a controlling terminal, whose signals go to our whole process group.</summary>
    internal static bool HasControllingTerminal()
    {
        int fd = PathCalls.Open("/dev/tty", PathCalls.O_RDONLY | PathCalls.O_CLOEXEC | PathCalls.O_NONBLOCK);
        if (fd < 0)
            return false;
        _ = Tmds.Linux.LibC.close(fd);
        return true;
    }
}
