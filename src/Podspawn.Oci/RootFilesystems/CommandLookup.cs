using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.RootFilesystems;

/// <summary>What the root filesystem says about a command before it is run.</summary>
public enum CommandState
{
    /// <summary>No obstacle was found.</summary>
    Runnable,

    /// <summary>There is no such file.</summary>
    NotFound,

    /// <summary>It is a directory or has no execute bit.</summary>
    NotExecutable,
}

/// <summary>Finds a command as execvp(3) inside the container would, so that a mistake is reported before anything is set up.</summary>
public static class CommandLookup
{
    /// <summary>Looks <paramref name="command"/> up, relative to <paramref name="workingDirectory"/> or in the <c>PATH</c> of the environment.</summary>
    public static CommandState Find(RootFilesystem root, string command, string workingDirectory, IEnumerable<string> environment)
    {
        // execvp(3) continues after a file that it may not run, and remembers it.
        CommandState state = CommandState.NotFound;
        foreach (string path in Candidates(command, workingDirectory, environment))
        {
            switch (Look(root, path))
            {
                case CommandState.Runnable:
                    return CommandState.Runnable;
                case CommandState.NotExecutable:
                    state = CommandState.NotExecutable;
                    break;
            }
        }
        return state;
    }

    /// <summary>The absolute paths where the command may be, in the order in which they are tried.</summary>
    internal static IEnumerable<string> Candidates(string command, string workingDirectory, IEnumerable<string> environment)
    {
        if (command.Contains('/'))
            return [Absolute(command, workingDirectory)];
        string path = environment.LastOrDefault(variable => variable.StartsWith("PATH=", StringComparison.Ordinal))?["PATH=".Length..] ?? "";
        return path.Split(':').Select(directory => $"{Absolute(directory, workingDirectory)}/{command}");
    }

    private static string Absolute(string path, string workingDirectory) => path.StartsWith('/') ? path : $"{workingDirectory}/{path}";

    private static CommandState Look(RootFilesystem root, string path)
    {
        using SafeFileHandle? file = root.OpenInside(path, PathCalls.O_PATH, out int errno);
        if (file is null)
            return errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP ? CommandState.NotFound : CommandState.Runnable;
        return FileKind.FactsOf(file) is { } facts && (facts.Type == FileKind.Directory || !facts.Executable)
            ? CommandState.NotExecutable
            : CommandState.Runnable;
    }
}
