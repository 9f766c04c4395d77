using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Host;
using Podspawn.Oci.Host.Probing;

namespace Podspawn.Oci.Runtimes;

/// <summary>
/// Calls a runtime in the mount namespace that it needs; no other class knows which one that is. A call that ends before this returns creates its
/// namespace itself where it needs one. A thread that starts a process which outlives the call enters one before, by <see cref="Enter"/> or
/// <see cref="Inside"/>.
/// </summary>
internal static class RuntimeInvoker
{
    // runsc's delete may itself wait for five seconds.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <summary>Whether a runtime needs to see other mounts than the calling thread does.</summary>
    internal static bool NeedsOwnMounts(RuntimeTraits runtime) => !runtime.AcceptsHybridCgroups && CgroupProbe.Layout() == CgroupLayout.Hybrid;

    /// <summary>Moves the calling thread to a new mount namespace for good (unshare(2) affects one thread); what it starts later is in it as well.</summary>
    /// <exception cref="Errors.ContainerException">The kernel refuses.</exception>
    internal static void Enter(RuntimeDriver driver) => PrivateMounts.Enter(CgroupProbe.Layout(), driver.Traits);

    /// <summary>Runs an action on a new thread in a new mount namespace, so that the caller stays in the host's.</summary>
    /// <exception cref="Errors.ContainerException">The kernel refuses. The exceptions of the action are thrown as well.</exception>
    internal static void Inside(RuntimeDriver driver, Action action) => PrivateMounts.Inside(CgroupProbe.Layout(), driver.Traits, action);

    /// <summary>Prepares the calling thread's own mount namespace for a container that has a network namespace with interfaces.</summary>
    /// <param name="driver">The runtime.</param>
    /// <param name="space">The network namespace.</param>
    /// <exception cref="Errors.ContainerException">The kernel refuses.</exception>
    internal static void PrepareNetwork(RuntimeDriver driver, SafeFileHandle space)
    {
        if (driver.Traits.Kernel == SystemCallHandler.Sentry)
            PrivateMounts.HideNetworkParameters(space);
    }

    /// <summary>Calls the runtime and waits for its end; its output is captured, not shown.</summary>
    /// <param name="driver">The runtime.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables that differ in its environment; null for only those that every call withholds.</param>
    /// <param name="cancel">Ends the runtime and everything it has started.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    internal static RuntimeAnswer Call(
        RuntimeDriver driver, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, CancellationToken cancel = default)
    {
        if (!NeedsOwnMounts(driver.Traits))
            return RuntimeProcess.Run(driver.Program, arguments, environment ?? RuntimeProcess.Withheld, cancel);
        RuntimeAnswer? answer = null;
        Inside(driver, () => answer = RuntimeProcess.Run(driver.Program, arguments, environment ?? RuntimeProcess.Withheld, cancel));
        return answer!;
    }

    /// <summary>
    /// Like <see cref="Call"/>, within a time limit. A runtime that is gone, is broken or hangs must not prevent the removal of what it left: the end
    /// of the cgroup ends the rest.
    /// </summary>
    internal static void TryCall(RuntimeDriver driver, IReadOnlyList<string> arguments)
    {
        try
        {
            using var limit = new CancellationTokenSource(Timeout);
            Call(driver, arguments, cancel: limit.Token);
        }
        catch (Exception e) when (e is InvalidOperationException or OperationCanceledException or System.ComponentModel.Win32Exception or IOException)
        {
            // Not reported: the clean-up of the cgroup finds the processes there.
        }
    }
}

/// <summary>How a call of a runtime ended.</summary>
/// <param name="Status">The exit status.</param>
/// <param name="Output">What it wrote to stdout.</param>
/// <param name="Error">What it wrote to stderr.</param>
internal sealed record RuntimeAnswer(int Status, string Output, string Error)
{
    /// <summary>The last line that it wrote to stderr, which is the error.</summary>
    internal string Reason => ReasonIn(Error, Status);

    /// <summary>The last line of a program's output, which is the error.</summary>
    internal static string ReasonIn(string error, int status) =>
        error.Split('\n', StringSplitOptions.RemoveEmptyEntries) is [.., string last] ? last.Trim() : $"it ended with status {status} and gave no reason";
}
