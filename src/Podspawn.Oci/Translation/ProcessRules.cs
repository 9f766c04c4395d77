using System.Text;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>
/// Translates the process to run. It is checked again here, since the runtimes differ in what they accept: runsc cuts an argument at a NUL and
/// accepts a relative working directory.
/// </summary>
internal static class ProcessRules
{
    private const int LongestHostName = 64; // HOST_NAME_MAX (limits.h)
    private const uint NoId = uint.MaxValue; // (uid_t)-1

    public static void Check(LaunchRequest request, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        if (request.SaysReady && runtime.Kernel == SystemCallHandler.Sentry)
            diagnostics.Refuse(
                LaunchKeys.SdNotify, "gvisor lets a process reach no socket of the host's, by which it could say that it is ready", "use conmon, or another runtime");
        if (request.PreservedDescriptors > 0 && runtime.Kernel == SystemCallHandler.Sentry)
            diagnostics.Refuse(LaunchKeys.PreserveFds, "gvisor gives no descriptor of the host's to a process", "leave it away, or use another runtime");
        if (request.Arguments.Count == 0 || request.Arguments[0].Length == 0)
            diagnostics.RefuseLaunch("there is no command", "name the program to run");
        foreach (string argument in request.Arguments)
        {
            if (argument.Contains('\0'))
                diagnostics.RefuseLaunch("an argument holds a NUL", "remove it");
        }

        foreach (string variable in request.Environment)
            CheckVariable(variable, diagnostics);
        if (!request.WorkingDirectory.StartsWith('/') || request.WorkingDirectory.Contains('\0'))
            diagnostics.RefuseLaunch($"the working directory '{request.WorkingDirectory.Replace('\0', '?')}' is not absolute", "write it from the root");
        if (ContainerPath.HoldsControl(request.HostName))
            diagnostics.RefuseLaunch("the host name holds a control character", "remove it");
        if (Encoding.UTF8.GetByteCount(request.HostName) > LongestHostName)
            diagnostics.RefuseLaunch($"the host name is longer than {LongestHostName} bytes", "shorten it");
        if (request.RootPath != LaunchRequest.RootInBundle && ContainerPath.Check(request.RootPath) is { } root)
            diagnostics.RefuseLaunch($"root filesystem: {root.What}", root.Hint);
        if (request.CgroupsPath is { } cgroup && ContainerPath.Check(cgroup) is { } problem)
            diagnostics.RefuseLaunch($"cgroup: {problem.What}", problem.Hint);
        CheckUser(request.User, diagnostics);
    }

    public static Process Build(
        LaunchRequest request, uint? umask, ProcessCapabilities capabilities, IReadOnlyList<Rlimit> limits, bool noNewPrivileges) => new()
    {
        Terminal = request.Terminal,
        ConsoleSize = request is { Terminal: true, TerminalSize: var (rows, columns) } && rows > 0 && columns > 0
            ? new ConsoleSize((uint)rows, (uint)columns)
            : null,
        User = new User(request.User.Uid, request.User.Gid, request.User.Groups) { Umask = umask },
        Args = request.Arguments,
        Env = request.Environment,
        Cwd = request.WorkingDirectory,
        Capabilities = capabilities,
        Rlimits = limits,
        NoNewPrivileges = noNewPrivileges,
    };

    private static void CheckVariable(string variable, Diagnostics diagnostics)
    {
        // The value may be a secret: only the name is ever shown.
        int equals = variable.IndexOf('=');
        if (equals <= 0)
            diagnostics.RefuseLaunch(equals < 0 ? "an environment variable has no '='" : "an environment variable has no name", "write it as NAME=value");
        else if (variable.Contains('\0'))
            diagnostics.RefuseLaunch($"the environment variable '{variable[..equals].Replace('\0', '?')}' holds a NUL", "remove it");
    }

    private static void CheckUser(ProcessUser user, Diagnostics diagnostics)
    {
        bool impossible = user.Uid == NoId || user.Gid == NoId;
        foreach (uint gid in user.AdditionalGids)
            impossible |= gid == NoId;
        if (impossible)
            diagnostics.RefuseLaunch($"{NoId} is no user or group id", "write an id below it");
    }
}
