using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Host;
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
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.Verification.Probing;

/// <summary>
/// Goes along with a launch of the probe: brings its program, listens to it over the container's standard streams, and looks from the host
/// at the moment when the probe says that it is ready and waits. Then it has the runtime bring in further processes, where attacks by such are asked for.
/// </summary>
internal sealed class ProbeSession(ContainerStore store, IReadOnlyList<AskedAttack> attacks, TimeSpan timeout) : ILaunchHooks, IDisposable
{
    // More than any probe has to say; what goes beyond was not written by ours.
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

    /// <summary>What the host saw.</summary>
    public HostReport? Outside { get; private set; }

    /// <summary>What the probe said.</summary>
    public ProbeReport Inside => inside;

    /// <summary>Whether the container had to be ended because the probe did not come to its end.</summary>
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
        // Our stdout was the only end for writing that the listener's pipe had.
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
        return pid is { } known ? HostReport.Of(known, Expectation!.CgroupLayout, Expectation.Controllers, callers) : null;
    }
}
