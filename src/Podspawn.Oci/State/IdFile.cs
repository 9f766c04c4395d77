using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.State;

/// <summary>
/// The file that receives the id of a new container, and names it later. It is reserved before anything is done for the launch: a name that is taken
/// refuses it, since the file may belong to another container. A launch that makes no container leaves no file.
/// </summary>
public sealed class IdFile : IDisposable
{
    // An id with a line end, and a little room to tell a file that is something else.
    private const int Largest = ContainerId.KeptLength + 8;

    private readonly string path;
    private readonly OutputPlace place;
    private readonly SafeFileHandle file;
    private bool isWritten;

    private IdFile(string path, OutputPlace place, SafeFileHandle file)
    {
        this.path = path;
        this.place = place;
        this.file = file;
    }

    /// <summary>Creates the file, empty; it must not exist, not even as a link that leads nowhere.</summary>
    /// <param name="path">The user's path.</param>
    /// <exception cref="ContainerException">There is such a file, or it cannot be created.</exception>
    public static IdFile Reserve(string path)
    {
        if (path.Length == 0)
            throw Bad(path, "is no file's name; name a file that is not there yet");
        try
        {
            OutputPlace place = OutputPlace.Find(path, follow: false);
            SafeFileHandle? file = EntryCalls.Open(
                place.Directory, place.Name, PathCalls.O_WRONLY | PathCalls.O_CREAT | PathCalls.O_EXCL, out int errno, FileModes.ReadWriteForAll);
            if (file is not null)
                return new IdFile(path, place, file);
            place.Dispose();
            if (errno == Errno.EEXIST)
                throw new ContainerException($"container id file exists. Ensure another container is not using it or delete {Printable.Clean(path)}");
            throw Bad(path, $"{Errno.Text(errno)}; name a file in a directory that exists and can be written");
        }
        catch (IOException e)
        {
            throw Bad(path, $"{e.Message}; name a file in a directory that exists and can be written");
        }
    }

    /// <summary>Reads the id that such a file has.</summary>
    /// <param name="path">The user's path.</param>
    /// <returns>The id; null where there is no such file.</returns>
    /// <exception cref="ContainerException">It cannot be read, or has no id.</exception>
    public static string? Read(string path)
    {
        string text;
        try
        {
            text = Encoding.ASCII.GetString(CallersFile.Read(path, Largest).Span).Trim();
        }
        catch (UnfitFileException e) when (e.IsMissing)
        {
            return null;
        }
        catch (IOException e)
        {
            throw Bad(path, $"{e.Message}; name a file that has a container's id");
        }
        return ContainerId.IsValid(text) ? text : throw Bad(path, "has no container's id in it; name the file that a launch has written");
    }

    /// <summary>Writes the id of the container, which is there by now.</summary>
    /// <exception cref="ContainerException">The file cannot be written.</exception>
    internal void Write(string id)
    {
        try
        {
            new DescriptorStream(file).Write(Encoding.ASCII.GetBytes(id));
            isWritten = true;
        }
        catch (IOException e)
        {
            throw Bad(path, $"{e.Message}; make room there");
        }
    }

    /// <summary>Takes the id back: its container is gone with the launch.</summary>
    internal void Withdraw() => isWritten = false;

    /// <summary>Closes the file, and removes one without a container.</summary>
    public void Dispose()
    {
        file.Dispose();
        if (!isWritten)
            _ = EntryCalls.Remove(place.Directory, place.Name);
        place.Dispose();
    }

    private static ContainerException Bad(string path, string why) => new($"{Setting.IdFile}: {Printable.Line(path)} {why}");
}
