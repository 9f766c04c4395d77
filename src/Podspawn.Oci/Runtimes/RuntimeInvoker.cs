using Podspawn.Oci.Host;
using Podspawn.Oci.Host.Probing;

namespace Podspawn.Oci.Runtimes;

/// <summary>
/// Calls a runtime in the mount namespace that it is to be shown: nothing else knows which one that is. A call that is over before this returns brings its
/// namespace with it where it needs one. A thread that starts what outlives the call enters one before, by <see cref="Enter"/> or <see cref="Inside"/>.
/// </summary>
internal static class RuntimeInvoker
{
    // runsc's delete may wait for five seconds by itself.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <summary>Whether a runtime has to be shown other mounts than those that the calling thread sees.</summary>
    internal static bool NeedsOwnMounts(RuntimeTraits runtime) => !runtime.AcceptsHybridCgroups && CgroupProbe.Layout() == CgroupLayout.Hybrid;

    /// <summary>Gives the calling thread a mount namespace of its own for good (unshare(2) works on one thread); what it starts later is in it as well.</summary>
    /// <exception cref="Errors.ContainerException">The kernel refuses.</exception>
    internal static void Enter(RuntimeDriver driver) => PrivateMounts.Enter(CgroupProbe.Layout(), driver.Traits);

    /// <summary>Runs an action on a thread with a mount namespace of its own, so that the caller keeps the host's.</summary>
    /// <exception cref="Errors.ContainerException">The kernel refuses. As do the exceptions of the action.</exception>
    internal static void Inside(RuntimeDriver driver, Action action) => PrivateMounts.Inside(CgroupProbe.Layout(), driver.Traits, action);

    /// <summary>Calls the runtime and waits for its end, with its output kept from the caller's.</summary>
    /// <param name="driver">The runtime.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">What is special in its environment; null for nothing but what every call withholds.</param>
    /// <param name="cancel">Ends it with all that it has started.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
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
    /// As <see cref="Call"/>, in a limited time; one that is gone, broken or hangs by now must not keep what it left from being removed: the cgroup's end ends
    /// the rest.
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
            // Nothing to tell: whoever comes to the cgroup finds the processes there.
        }
    }
}

/// <summary>How a call of a runtime ended.</summary>
/// <param name="Status">The exit status.</param>
/// <param name="Output">What it wrote to stdout.</param>
/// <param name="Error">What it wrote to stderr.</param>
internal sealed record RuntimeAnswer(int Status, string Output, string Error)
{
    /// <summary>The last line of what it wrote to stderr, which is the error.</summary>
    internal string Reason => ReasonIn(Error, Status);

    /// <summary>The last line of what a program wrote, which is the error.</summary>
    internal static string ReasonIn(string error, int status) =>
        error.Split('\n', StringSplitOptions.RemoveEmptyEntries) is [.., string last] ? last.Trim() : $"it ended with status {status} and gave no reason";
}
