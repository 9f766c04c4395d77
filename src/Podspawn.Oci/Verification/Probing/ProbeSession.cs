using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Launching;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.State.Store;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Verification.Attacks;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Probing;

/// <summary>
/// Accompanies a launch of the probe: provides its program, reads its report from the container's standard streams, and observes from the host when
/// the probe says that it is ready and waits. After that it makes the runtime start additional processes, where attacks by such are asked for.
/// </summary>
internal sealed class ProbeSession(ContainerStore store, IReadOnlyList<AskedAttack> attacks, TimeSpan timeout) : ILaunchHooks, IDisposable
{
    // More than any probe reports; a longer output is not our probe's.
    private const int MostBytes = 16 << 20;

    private readonly ProbeReport inside = new();
    private readonly CancellationTokenSource ended = new();
    private Timer? alarm;
    private IDisposable? streams;
    private SafeFileHandle? go;
    private SafeFileHandle? results;
    private IReadOnlySet<FileIdentity> callers = new HashSet<FileIdentity>();
    private Thread? listener;

    /// <summary>What was asked for.</summary>
    public Expectation? Expectation { get; private set; }

    /// <summary>The namespaces of the host, ours before the launch.</summary>
    public IReadOnlyDictionary<string, string> HostNamespaces { get; private set; } = new Dictionary<string, string>();

    /// <summary>The host's report.</summary>
    public HostReport? Outside { get; private set; }

    /// <summary>What stands between it and what it may not reach; null where it is on no network.</summary>
    public FenceReport? Fence { get; private set; }

    /// <summary>The probe's report.</summary>
    public ProbeReport Inside => inside;

    /// <summary>Whether the container was ended because the probe did not finish.</summary>
    public bool TimedOut { get; private set; }

    /// <inheritdoc/>
    public void Planned(LaunchPlan plan, TranslationResult translation)
    {
        Expectation = PlannedExpectation.Of(plan, translation);
        HostNamespaces = HostReport.NamespacesOf("self");
        callers = StreamReport.OfCaller();
    }

    /// <inheritdoc/>
    public void Prepare(ContainerPaths paths)
    {
        ProbeProgram.Place(paths);
        ProbeVolume.Place(paths, ProbeReach.TriesMemory(Expectation!) ? ProbeReach.MemoryOf(Expectation!) : 0);
    }

    /// <inheritdoc/>
    public void Begin(ContainerPaths paths, ContainerDefinition definition, Action kill)
    {
        (SafeFileHandle inputEnd, go) = DescriptorCalls.Pipe();
        (results, SafeFileHandle outputEnd) = DescriptorCalls.Pipe();
        using (var ends = new ChildStreams(inputEnd, outputEnd, DescriptorCalls.Duplicate(2)))
            streams = ends.Lend();
        alarm = new Timer(
            _ =>
            {
                TimedOut = true;
                ended.Cancel();
                kill();
            },
            null, timeout, Timeout.InfiniteTimeSpan);
        listener = new Thread(() => Listen(paths, results, go)) { IsBackground = true };
        listener.Start();
    }

    /// <inheritdoc/>
    public void End(ContainerPaths paths)
    {
        ended.Cancel();
        alarm?.Dispose();
        // Our stdout was the only writing end of the listener's pipe.
        streams?.Dispose();
        streams = null;
        go?.Dispose();
        listener?.Join();
        ProbeVolume.Remove(paths);
        ProbeProgram.Remove(paths);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        streams?.Dispose();
        go?.Dispose();
        results?.Dispose();
        ended.Dispose();
    }

    private void Listen(ContainerPaths paths, SafeFileHandle results, SafeFileHandle go)
    {
        using var stream = new FileStream(results, FileAccess.Read, bufferSize: 0);
        using var bounded = new BoundedStream(stream, MostBytes);
        using var reader = new StreamReader(bounded, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        while (reader.ReadLine() is { } line)
        {
            inside.Add(line);
            if (line == "ready" && Outside is null)
            {
                Outside = Look(paths);
                Fence = FenceLook.At(paths);
                BringIn(paths);
                go.Dispose();
            }
        }
    }

    private void BringIn(ContainerPaths paths)
    {
        string[] by = [.. attacks.Where(asked => asked.Attack.Name == Attack.Executed).Select(asked => asked.Attack.Finding)];
        if (Outside is not null && by.Length > 0)
            ExecutedProbe.Run(store, paths, Expectation!, by.Contains("pids_limit"), inside.Add, ended.Token);
    }

    private HostReport? Look(ContainerPaths paths)
    {
        int? pid = ContainerPidFile.Await(paths.PidFile, () => !ended.IsCancellationRequested);
        return pid is { } known ? HostReport.Of(known, Expectation!.CgroupLayout, Expectation.Controllers, callers, Expectation.Limits.Sysctls.Keys) : null;
    }
}
