using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Terminals;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Lifecycle.Executing;

/// <summary>Resolves what the user typed against the running container; makes nothing.</summary>
internal static class ExecPlanner
{
    /// <exception cref="ContainerException">Something that was asked for is wrong, or the container has ended.</exception>
    /// <exception cref="RootFilesystemException">The container has no such user.</exception>
    internal static ExecProcess Plan(Container container, ContainerProcess own, ExecOptions options)
    {
        string workingDirectory = options.WorkingDirectory is { Length: > 0 } named ? named : own.WorkingDirectory;
        if (!workingDirectory.StartsWith('/'))
            throw new ContainerException($"{Setting.Workdir}: '{workingDirectory}' is not absolute; write it from the root");
        if (ContainerPath.IsAtOrBelow(Path.GetFullPath(workingDirectory), "/proc"))
            throw new ContainerException($"{Setting.Workdir}: '{workingDirectory}' leads into /proc; name a directory of the root filesystem");
        ProcessUser? user = null;
        string? home = null;
        SafeFileHandle? directory = null;
        bool hostKernel = container.Driver.Traits.Kernel == SystemCallHandler.Host;
        string? userText = options.User is { Length: > 0 } ? options.User : null;
        if (hostKernel || userText is not null)
        {
            using RootFilesystem root = ContainerRoot.Open(container);
            if (hostKernel)
                UserDatabase.RequireFiles(root);
            // Only the host's kernel has files of the host that a path could lead to.
            if (userText is not null)
                (user, home) = User(UserDatabase.Read(root), userText, own);
            if (hostKernel && !WorkingDirectory.IsRoot(workingDirectory))
                directory = Open(root, workingDirectory);
        }
        return new ExecProcess
        {
            Arguments = options.Command,
            Environment = EnvironmentOptions.Extend(own.Environment, home, options.Terminal, options.EnvironmentFiles, options.Environment),
            WorkingDirectory = workingDirectory,
            Directory = directory,
            User = user,
            Terminal = options.Terminal,
            TerminalSize = options.Terminal && TerminalSize.TryGet(1, out int rows, out int columns) ? (rows, columns) : null,
        };
    }

    // What is held here is entered, whatever the container puts at the path from now on.
    private static SafeFileHandle Open(RootFilesystem root, string path)
    {
        WorkingDirectory.Check(root, path);
        return root.OpenInside(path, PathCalls.O_PATH | PathCalls.O_DIRECTORY, out int errno)
            ?? throw new ContainerException($"{Setting.Workdir}: '{path}' in the container: {Errno.Text(errno)}; name a directory that it has");
    }

    // A HOME that somebody has set for the container stays; the one that its launch has found for its user becomes this user's.
    private static (ProcessUser User, string? Home) User(UserDatabase users, string text, ContainerProcess own)
    {
        (ProcessUser user, string home) = users.Resolve(text);
        string ofContainer = users.Resolve(own.Uid.ToString(CultureInfo.InvariantCulture)).Home;
        return (user, own.Environment.LastOrDefault(variable => variable.StartsWith("HOME=", StringComparison.Ordinal)) is { } set && set != $"HOME={ofContainer}" ? null : home);
    }
}
