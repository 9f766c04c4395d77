using System.Globalization;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host.Probing;
using Podspawn.Oci.Launching;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Spec;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Store;
using Podspawn.Oci.Translation.Requests;
using Podspawn.Oci.Verification.Attacks;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Findings;
using Podspawn.Oci.Verification.Observation;
using Podspawn.Oci.Verification.Probing;
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.Verification;

/// <summary>Compares containers with what was asked for.</summary>
public sealed class Verifier(ContainerStore store)
{
    /// <summary>The probe's time limit by default.</summary>
    public static TimeSpan DefaultPatience { get; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Launches the probe with these options instead of a command, on an empty root filesystem where none is named, and reports the findings. Blocks
    /// the calling thread, which enters its own mount namespace and stays there; stdin and stdout are the container's in the meantime.
    /// </summary>
    /// <param name="options">The options of a run.</param>
    /// <param name="findings">Names of <see cref="FindingNames.All"/>, or <c>FINDING/ATTACK</c> for a finding with only that of its attacks; empty for everything.</param>
    /// <param name="timeout">The probe's time limit; then the container is ended, and what was not observed falls short.</param>
    /// <param name="onNote">Receives the translation's notes.</param>
    /// <exception cref="ContainerException">A finding's name is unknown, or another option is wrong; as for a run.</exception>
    public VerificationReport Probe(LaunchOptions options, IReadOnlyList<string> findings, TimeSpan timeout, Action<IReadOnlyList<Note>> onNote)
    {
        FindingSelection selection = FindingSelection.Parse(findings);
        IReadOnlySet<string> names = selection.Findings;
        if (options.RootfsWritable)
            throw new ContainerException($"{Setting.RootfsWritable}: a verification writes to an overlay only; leave the flag away");
        // The probe lies in the layer, whose path depends on the store's identity.
        store.Establish();
        if (options.Name is not null)
            ContainerId.Check(options.Name);
        string id = ContainerId.NewKept();
        ContainerPaths paths = store.Layout.Of(id);
        // The probe's arguments depend on what the config resolves to; a dry run tells that first, and changes nothing.
        LaunchOptions named = options with { Id = id, Interactive = true, Terminal = false, Entrypoint = [], Mounts = [ProbeProgram.MountOf(paths), ProbeVolume.MountOf(paths)] };
        if (named is { RootfsPath: null, BundlePath: null, Image: null })
            named = named with { RootfsPath = store.EmptyRoot() };
        LaunchPlan paper = LaunchPlanner.DryRun(named with { Command = [ProbeProgram.Path] });
        Expectation onPaper = PlannedExpectation.Of(paper, paper.Translate([]));
        using HostBait? bait = names.Contains("namespaces") ? HostBait.Lay(timeout) : null;
        IReadOnlyList<AskedAttack> attacks = AttackTable.Asked(new AttackGround(onPaper, bait?.Names ?? HostBaitNames.None), selection);
        named = named with { Command = [ProbeProgram.Path, .. ProbeArguments.For(onPaper, names, attacks)] };

        using var session = new ProbeSession(store, attacks, timeout);
        int status = new Launcher(store).Run(named, onNote, session);
        Expectation expectation = session.Expectation ?? throw new InvalidOperationException("the launch had no plan");
        var evidence = new Evidence
        {
            Inside = session.Inside,
            Outside = session.Outside,
            HostNamespaces = session.HostNamespaces,
            HostKernel = HostKernel(),
            End = session.Inside.Complete ? null
                : session.TimedOut ? $"the probe did not come to its end within {timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s"
                : $"the container ended with status {status}",
        };
        return Report(options.Name ?? Container.Short(id), paper.Driver, Vantage.Probe, AllChecks.Run(expectation, evidence, names, attacks));
    }

    /// <summary>Observes a running container from the host, without touching it.</summary>
    /// <param name="name">Its name or id.</param>
    /// <param name="findings">Names of <see cref="FindingNames.All"/>.</param>
    /// <exception cref="ContainerException">No such container is running, or a finding's name is unknown.</exception>
    public VerificationReport Look(string name, IReadOnlyList<string> findings)
    {
        var names = FindingSelection.Parse(findings).Findings.ToHashSet();
        // System calls are only tried in a container that was launched for it.
        names.Remove("privileged_calls");
        if (Running(name) is not var (paths, pid, driver))
            throw new ContainerException($"no container named '{name}' is running; give the name of one that 'run {Setting.ContainerName}' launched, or none to launch a probe");
        RuntimeSpec spec = SpecJson.Deserialize(File.ReadAllBytes(paths.Config));
        Expectation expectation = RunningExpectation.Of(spec, driver, HostProbe.Read());
        var evidence = new Evidence
        {
            Outside = HostReport.Of(pid, expectation.CgroupLayout, expectation.Controllers, new HashSet<FileIdentity>(), expectation.Limits.Sysctls.Keys),
            HostNamespaces = HostReport.NamespacesOf("self"),
            HostKernel = HostKernel(),
        };
        if (evidence.Outside.Status.Count == 0)
            throw new ContainerException($"the container '{name}' has just ended; there is nothing to look at");
        return Report(name, driver, Vantage.Outside, AllChecks.Run(expectation, evidence, names, []));
    }

    private (ContainerPaths Paths, int Pid, RuntimeDriver Driver)? Running(string name)
    {
        if (new ContainerRegistry(store).TryFind(name) is { Definition.Foreground: false } kept)
            return kept is { HasProcess: true, State.Process: { } process } ? (kept.Paths, process.Pid, kept.Driver) : null;
        // The runtime may not have written its process id yet, nor the launcher what it launches.
        string id = new ContainerRegistry(store).TryFind(ContainerId.Check(name))?.Id ?? store.IdOf(name) ?? name;
        ContainerPaths paths = store.Layout.Of(id);
        return ContainerPidFile.Await(paths.PidFile, () => store.IsRunning(id)) is { } pid && RecordedRuntime.Read(paths) is { } driver ? (paths, pid, driver) : null;
    }

    private static VerificationReport Report(string id, RuntimeDriver driver, Vantage looked, IReadOnlyList<Finding> findings) => new()
    {
        Container = id,
        Runtime = driver.Traits.Name,
        RuntimeVersion = driver.Traits.Version,
        RuntimePath = driver.Program,
        Looked = looked,
        Findings = findings,
    };

    private static (string Release, string Version) HostKernel() =>
        (SmallFile.Read("/proc/sys/kernel/osrelease")?.Trim() ?? "", SmallFile.Read("/proc/sys/kernel/version")?.Trim() ?? "");
}
