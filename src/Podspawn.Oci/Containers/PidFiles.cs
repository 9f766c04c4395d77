using System.Globalization;
using System.Text;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Containers;

/// <summary>The file that <c>--pid-file</c> asks for.</summary>
internal static class PidFiles
{
    /// <exception cref="ContainerException">It cannot be written.</exception>
    internal static void Write(string path, int pid)
    {
        try
        {
            PendingFile.Write(path, Encoding.ASCII.GetBytes(pid.ToString(CultureInfo.InvariantCulture)));
        }
        catch (IOException e)
        {
            throw new ContainerException($"--pid-file: {path}: {e.Message}; name a file in a directory that exists and can be written");
        }
    }

    /// <summary>Removes it if it still names that process: another container may have it by now.</summary>
    internal static void Remove(string? path, int? pid)
    {
        if (path is null || pid is null || SmallFile.Read(path)?.Trim() != pid.Value.ToString(CultureInfo.InvariantCulture))
            return;
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is the user's file, in the user's directory: that it cannot be removed keeps nobody from the end.
        }
    }
}
