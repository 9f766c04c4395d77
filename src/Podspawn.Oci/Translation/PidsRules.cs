using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>
/// <c>pids_limit</c>: N means N processes under every runtime. Where the host's kernel runs the container, its pids controller counts exactly. Where
/// gVisor's Sentry does, the controller would count the Sentry's own threads and stubs and kill the sandbox far too early, so the Sentry's
/// RLIMIT_NPROC does the counting (it also applies to root) and the controller only backs it up.
/// </summary>
internal static class PidsRules
{
    /// <summary>The resource limit of the OCI runtime spec by which the Sentry counts processes (getrlimit(2)).</summary>
    internal const string ProcessesLimit = "RLIMIT_NPROC";

    /// <summary>PID_MAX_LIMIT on 64-bit (linux/threads.h): a greater pids.max is EINVAL.</summary>
    internal const long KernelMaximum = 4194304;

    /// <summary>The smallest value of a limit, which means unlimited.</summary>
    internal const long Least = -1;

    // The Sentry does not count a process that has one of these, as the kernel does with RLIMIT_NPROC (getrlimit(2)).
    private static readonly CapabilitySet BeyondLimit = CapabilitySet.Of(Capability.SysAdmin, Capability.SysResource);

    public static void Check(long limit, Diagnostics diagnostics)
    {
        if (limit < Least)
            diagnostics.Refuse(Keys.PidsLimit, $"{limit} is below {Least}", "write a number from 1 up, or -1 for unlimited");
        else if (limit > KernelMaximum)
            diagnostics.Refuse(Keys.PidsLimit, $"{limit} is more than the kernel's largest number of processes", $"write at most {KernelMaximum}, or -1 for unlimited");
    }

    /// <summary>Translates the limit to the cgroup's limit and the resource limit that goes with it.</summary>
    public static (PidsLimits? Cgroup, Rlimit? Processes) Translate(
        long limit, CapabilitySet granted, LaunchRequest request, HostFacts host, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        bool controller = host.CgroupControllers.Contains("pids");
        if (limit <= 0)
        {
            diagnostics.Warn(Keys.PidsLimit, "unlimited: a fork bomb in the container takes every process of the host");
            return (controller && runtime.TakesUnlimitedPids ? new PidsLimits(-1) : null, null);
        }

        if (runtime.Kernel == SystemCallHandler.Sentry)
            return TranslateForSentry(limit, controller, granted, request, host, runtime, diagnostics);
        if (controller)
            return (new PidsLimits(limit), null);
        diagnostics.RefuseUnlessWaived(Keys.PidsLimit, "this host has no pids cgroup controller", request.AllowUnenforced, "enable the controller");
        return (null, null);
    }

    private static (PidsLimits? Cgroup, Rlimit? Processes) TranslateForSentry(
        long limit, bool controller, CapabilitySet granted, LaunchRequest request, HostFacts host, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        CapabilitySet beyond = granted & BeyondLimit;
        // A tracer gets past the Sentry's filter, and so into a user namespace, where every process has both capabilities.
        if (!runtime.UserNamespacesNeedPrivilege)
            beyond |= granted & CapabilitySet.Of(Capability.SysPtrace);
        if (beyond.Count > 0)
        {
            string names = string.Join(" and ", beyond.Members().Select(CapabilityNames.ShortName));
            diagnostics.RefuseUnlessWaived(
                Keys.PidsLimit, $"under gvisor a process that has {names}, which is granted here, is not bound by the limit", request.AllowUnenforced,
                $"do not grant {names}, write a limit of -1, use another runtime");
        }

        long backstop = Backstop(limit, host, runtime);
        string backing = controller
            ? $"the host's cgroup limit of {backstop} tasks, the sandbox's own included, only backs it up, and ends a sandbox that reaches it"
            : "this host has no pids cgroup controller to back it up";
        diagnostics.Differs(Keys.PidsLimit, $"gvisor itself allows {limit} processes and threads to each user id (RLIMIT_NPROC); {backing}");
        ulong processes = (ulong)limit;
        return (controller ? new PidsLimits(backstop) : null, new Rlimit(ProcessesLimit, processes, processes));
    }

    /// <summary>
    /// The most host tasks that a sound sandbox needs. With the ptrace platform gVisor holds a stub in each process for each Sentry thread that ever
    /// ran it, and the Sentry grows by about a thread for each busy process: idle processes cost about 5 tasks each, 199 busy ones were measured at
    /// 77 each. So a task is counted as one stub for every thread that there can be, but never as more than the runtime's traits say: the systrap
    /// platform pools its stubs. The several user ids that RLIMIT_NPROC counts separately share this head-room. A quarter of the host's tasks is
    /// always left to the host.
    /// </summary>
    internal static long Backstop(long limit, HostFacts host, RuntimeTraits runtime)
    {
        // The Go runtime of the sandbox and of its gofer has threads for each processor.
        long idle = runtime.SandboxBaseTasks + (4L * host.Processors);
        long each = Math.Min(Math.Max(runtime.HostTasksPerTask + ((long)runtime.HostTasksPerTaskAndProcessor * host.Processors), 1), limit + idle);
        long wanted = (2 * idle) + (limit * each);
        return Math.Min(KernelMaximum, Math.Max(Math.Min(wanted, host.TasksMax / 4 * 3), idle + limit));
    }
}
