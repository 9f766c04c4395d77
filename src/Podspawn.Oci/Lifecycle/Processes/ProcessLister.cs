using CliWrap;
using CliWrap.Buffered;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Host.Probing;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.Lifecycle.Processes;

/// <summary>Lists the processes of containers.</summary>
public static class ProcessLister
{
    private static readonly IReadOnlyList<string> DefaultOptions = ["-ef"];

    // Without this ps would cut lines at the width of the terminal.
    private static readonly IReadOnlyDictionary<string, string?> Unbounded = new Dictionary<string, string?> { ["COLUMNS"] = null };

    /// <summary>Lists the processes of a container: where the host's kernel runs them, as ps(1) of the host shows them.</summary>
    /// <param name="container">The container.</param>
    /// <param name="options">Options for ps; empty for docker's.</param>
    /// <exception cref="ContainerException">The container is not running, or the options are wrong.</exception>
    public static ProcessTable Of(Container container, IReadOnlyList<string> options)
    {
        container.RequireProcess();
        return container.Driver.Traits.Kernel == SystemCallHandler.Sentry ? OfSentry(container, options) : OfHost(container, options);
    }

    private static ProcessTable OfHost(Container container, IReadOnlyList<string> options)
    {
        if (container.Definition.Cgroup is not { } cgroup)
            throw LifecycleErrors.Of($"container '{container.Name}': this host has no cgroups to tell its processes by; mount them, and launch it again");
        string ps = HostProgram.Find("ps") ?? throw LifecycleErrors.Of("ps: is not installed; install procps");
        // The cgroup is read first: a process that begins after that is not shown, nor is one that ends before ps looks.
        IReadOnlySet<int> wanted = new CgroupFiles(CgroupProbe.Layout(), cgroup).Processes();
        BufferedCommandResult result = Cli.Wrap(ps).WithArguments(options.Count == 0 ? DefaultOptions : options)
            .WithEnvironmentVariables(Unbounded).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync().GetAwaiter().GetResult();
        // Where nothing is selected ps ends with 1, and has printed the titles all the same.
        if (result.ExitCode != 0 && result.StandardError.Length > 0)
            throw LifecycleErrors.Of($"ps: {RuntimeAnswer.ReasonIn(FirstLine(result.StandardError), result.ExitCode)}");
        return ProcessTable.Parse(result.StandardOutput, wanted);
    }

    private static ProcessTable OfSentry(Container container, IReadOnlyList<string> options)
    {
        string runtime = container.Definition.Runtime.Name;
        if (options.Count > 0)
            throw LifecycleErrors.Of($"container '{container.Name}': its processes are inside {runtime}, where the host's ps sees none of them; leave its options away");
        RuntimeAnswer answer = RuntimeInvoker.Call(container.Driver, container.Driver.Processes(container.Call));
        return answer.Status == 0 ? ProcessTable.Parse(answer.Output)
            : throw LifecycleErrors.Of($"container '{container.Name}': {runtime} cannot list its processes; it may have just ended");
    }

    private static string FirstLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries) is [string first, ..] ? first : "";
}
