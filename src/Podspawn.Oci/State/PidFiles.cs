using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.State;

/// <summary>Writes and removes the files of <c>--pid-file</c> and <c>--conmon-pidfile</c>.</summary>
internal static class PidFiles
{
    private const int LongestNumber = 64;

    /// <exception cref="ContainerException">The file cannot be written.</exception>
    internal static void Write(Setting setting, string? path, int pid)
    {
        if (path is null)
            return;
        try
        {
            PendingFile.WriteForUser(path, Encoding.ASCII.GetBytes(pid.ToString(CultureInfo.InvariantCulture)));
        }
        catch (IOException e)
        {
            throw new ContainerException($"{setting}: {path}: {e.Message}; name a file in a directory that exists and can be written");
        }
    }

    /// <summary>Removes the file if it still names that process: another container may have it by now.</summary>
    internal static void Remove(string? path, int? pid)
    {
        if (path is null || pid is null)
            return;
        try
        {
            using OutputPlace place = OutputPlace.Find(path, follow: false);
            using SafeFileHandle? file = EntryCalls.Open(place.Directory, place.Name, PathCalls.O_PATH, out _);
            if (file is null)
                return;
            using SafeFileHandle content = RegularFile.Open(file);
            if (Encoding.ASCII.GetString(RegularFile.Read(content, LongestNumber).Span).Trim() == pid.Value.ToString(CultureInfo.InvariantCulture))
                _ = EntryCalls.Remove(place.Directory, place.Name);
        }
        catch (IOException)
        {
            // It is the user's file, in the user's directory: a failure to remove it does not stop the clean-up.
        }
    }
}
