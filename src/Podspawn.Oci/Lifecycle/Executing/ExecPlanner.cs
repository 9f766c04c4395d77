using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Terminals;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Lifecycle.Executing;

/// <summary>Resolves the user's options against the running container; changes nothing.</summary>
internal static class ExecPlanner
{
    /// <exception cref="ContainerException">An option is wrong, or the container has ended.</exception>
    /// <exception cref="RootFilesystemException">The container has no such user.</exception>
    internal static ExecProcess Plan(Container container, ContainerProcess own, ExecOptions options)
    {
        string workingDirectory = options.WorkingDirectory is { Length: > 0 } named ? named : own.WorkingDirectory;
        if (!workingDirectory.StartsWith('/'))
            throw new ContainerException($"{Setting.Workdir}: '{workingDirectory}' is not absolute; write it from the root");
        if (ContainerPath.IsAtOrBelow(Path.GetFullPath(workingDirectory), "/proc"))
            throw new ContainerException($"{Setting.Workdir}: '{workingDirectory}' leads into /proc; name a directory of the root filesystem");
        PreservedDescriptors.Require(options.PreservedDescriptors);
        ProcessUser? user = null;
        string? home = null;
        SafeFileHandle? directory = null;
        (ulong Soft, ulong Hard)? openFiles = null;
        bool hostKernel = container.Driver.Traits.Kernel == SystemCallHandler.Host;
        if (!hostKernel && options.PreservedDescriptors > 0)
            throw new ContainerException($"{Setting.PreserveFds}: gvisor gives no descriptor of the host's to a process; leave it away, or use another runtime");
        string? userText = options.User is { Length: > 0 } ? options.User : null;
        if (hostKernel || userText is not null)
        {
            using RootFilesystem root = ContainerRoot.Open(container);
            if (hostKernel)
                UserDatabase.RequireFiles(root);
            // A path can lead to files of the host only where the host's kernel runs the container.
            if (userText is not null)
                (user, home) = User(UserDatabase.Read(root), userText, own);
            if (container.Driver.Traits.ExecRacesOpenFiles && own.OpenFiles is { } limit && limit != Unraced)
                openFiles = limit;
            // A command in the background has no streams of ours, on which a runtime would say why the kernel refused it: the shim tells.
            if (hostKernel && (options.Detach || openFiles is not null || !WorkingDirectory.IsRoot(workingDirectory)))
                directory = Open(root, workingDirectory);
        }
        return new ExecProcess
        {
            Arguments = options.Command,
            Environment = EnvironmentOptions.Extend(own.Environment, home, options.Terminal, options.EnvironmentFiles, options.Environment),
            WorkingDirectory = workingDirectory,
            Directory = directory,
            OpenFiles = openFiles,
            User = user,
            Terminal = options.Terminal,
            PreservedDescriptors = options.PreservedDescriptors,
            TerminalSize = options.Terminal && TerminalSize.TryGet(1, out int rows, out int columns) ? (rows, columns) : null,
        };
    }

    // What the runtime itself has, so that it does not matter which of the two is set last.
    private static (ulong Soft, ulong Hard) Unraced => (Limits.OpenFilesHard(), Limits.OpenFilesHard());

    // The directory that is opened here is the one that is entered, whatever the container puts at the path from now on.
    private static SafeFileHandle Open(RootFilesystem root, string path)
    {
        WorkingDirectory.Check(root, path);
        return root.OpenInside(path, PathCalls.O_PATH | PathCalls.O_DIRECTORY, out int errno)
            ?? throw new ContainerException($"{Setting.Workdir}: '{path}' in the container: {Errno.Text(errno)}; name a directory that it has");
    }

    // A HOME that was set explicitly for the container stays; one that the launch derived from its user is derived again from this user.
    private static (ProcessUser User, string? Home) User(UserDatabase users, string text, ContainerProcess own)
    {
        (ProcessUser user, string home) = users.Resolve(text);
        string ofContainer = users.Resolve(own.Uid.ToString(CultureInfo.InvariantCulture)).Home;
        return (user, own.Environment.LastOrDefault(variable => variable.StartsWith("HOME=", StringComparison.Ordinal)) is { } set && set != $"HOME={ofContainer}" ? null : home);
    }
}
