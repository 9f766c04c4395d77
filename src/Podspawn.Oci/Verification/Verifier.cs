using System.Globalization;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Host.Probing;
using Podspawn.Oci.Launching;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Spec;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Store;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;
using Podspawn.Oci.Verification.Attacks;
using Podspawn.Oci.Verification.Checks;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Findings;
using Podspawn.Oci.Verification.Observation;
using Podspawn.Oci.Verification.Probing;
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.Verification;

/// <summary>Holds containers against what was asked for.</summary>
public sealed class Verifier(ContainerStore store)
{
    /// <summary>How long the probe may take unless told otherwise.</summary>
    public static TimeSpan DefaultPatience { get; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Launches the probe with these options instead of a command, on an empty root filesystem where none is named, and tells what it found. Blocks
    /// the calling thread, which enters a mount namespace of its own and stays there; stdin and stdout are the container's in the meantime.
    /// </summary>
    /// <param name="options">As for a run.</param>
    /// <param name="findings">Names of <see cref="FindingNames.All"/>, or <c>FINDING/ATTACK</c> for one with that of its attacks only; none for everything.</param>
    /// <param name="timeout">How long the probe may take; the container is ended then, and what was not seen falls short.</param>
    /// <param name="onNote">Takes the translation's notes.</param>
    /// <exception cref="ContainerException">A finding's name is none, or something else that was asked for is wrong; as for a run.</exception>
    public VerificationReport Probe(LaunchOptions options, IReadOnlyList<string> findings, TimeSpan timeout, Action<IReadOnlyList<Note>> onNote)
    {
        FindingSelection selection = FindingSelection.Parse(findings);
        IReadOnlySet<string> names = selection.Findings;
        if (options.RootfsWritable)
            throw new ContainerException($"{Setting.RootfsWritable}: a verification writes to an overlay only; leave the flag away");
        // The probe lies in the layer, whose place follows from the store's identity.
        store.Establish();
        string id = options.Name ?? ContainerId.NewRandom();
        ContainerPaths paths = store.Layout.Of(ContainerId.Check(id));
        // The words depend on what the config resolves to; a plan made on paper first tells, and touches nothing.
        LaunchOptions named = options with { Name = id, Interactive = true, Terminal = false, Entrypoint = [], Mounts = [ProbeProgram.MountOf(paths), ProbeVolume.MountOf(paths)] };
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
        return Report(id, paper.Driver, Vantage.Probe, AllChecks.Run(expectation, evidence, names, attacks));
    }

    /// <summary>Looks at a running container from the host, without touching it.</summary>
    /// <param name="name">Its name or id.</param>
    /// <param name="findings">Names of <see cref="FindingNames.All"/>.</param>
    /// <exception cref="ContainerException">No such container runs, or a finding's name is none.</exception>
    public VerificationReport Look(string name, IReadOnlyList<string> findings)
    {
        var names = FindingSelection.Parse(findings).Findings.ToHashSet();
        // What calls do is tried in a container of one's own only.
        names.Remove("privileged_calls");
        if (Running(name) is not var (paths, pid, driver))
            throw new ContainerException($"no container named '{name}' is running; give the name of one that 'run {Setting.ContainerName}' launched, or none to launch a probe");
        RuntimeSpec spec = SpecJson.Deserialize(File.ReadAllBytes(paths.Config));
        Expectation expectation = RunningExpectation.Of(spec, driver, HostProbe.Read());
        var evidence = new Evidence
        {
            Outside = HostReport.Of(pid, expectation.CgroupLayout, expectation.Controllers, new HashSet<FileIdentity>()),
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
        // The runtime may not have written its process id yet.
        ContainerPaths paths = store.Layout.Of(ContainerId.Check(name));
        return ContainerPidFile.Await(paths.PidFile, () => store.IsRunning(name)) is { } pid && RecordedRuntime.Read(paths) is { } driver ? (paths, pid, driver) : null;
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
