using System.Globalization;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host.Probing;
using Podspawn.Oci.Launching;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Native;
using Podspawn.Oci.Networks;
using Podspawn.Oci.Networks.Egress;
using Podspawn.Oci.Networks.Records;
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
        (onPaper, named, EgressBait? ways) = WithWays(onPaper, named, paper.Request, names);
        using EgressBait? held = ways;
        IReadOnlyList<AskedAttack> attacks = AttackTable.Asked(new AttackGround(onPaper, bait?.Names ?? HostBaitNames.None) { Ways = onPaper.Ways }, selection);
        named = named with { Command = [ProbeProgram.Path, .. ProbeArguments.For(onPaper, names, attacks)] };

        using var session = new ProbeSession(store, attacks, timeout);
        int status = new Launcher(store).Run(named, onNote, session);
        Expectation expectation = (session.Expectation ?? throw new InvalidOperationException("the launch had no plan")) with { Egress = onPaper.Egress, Ways = onPaper.Ways };
        var evidence = new Evidence
        {
            Inside = session.Inside,
            Outside = session.Outside,
            Fence = session.Fence,
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
        ConnectionRecord? connected = ConnectionRecord.Read(paths.Network);
        Expectation expectation = RunningExpectation.Of(spec, driver, HostProbe.Read()) with { Egress = connected is null ? null : EgressFence.RulesOf(connected) };
        var evidence = new Evidence
        {
            Outside = HostReport.Of(pid, expectation.CgroupLayout, expectation.Controllers, new HashSet<FileIdentity>(), expectation.Limits.Sysctls.Keys),
            Fence = FenceLook.At(paths),
            HostNamespaces = HostReport.NamespacesOf("self"),
            HostKernel = HostKernel(),
        };
        if (evidence.Outside.Status.Count == 0)
            throw new ContainerException($"the container '{name}' has just ended; there is nothing to look at");
        return Report(name, driver, Vantage.Outside, AllChecks.Run(expectation, evidence, names, []));
    }

    // A part of what is laid out is allowed, so that it is seen that what is allowed is reached.
    private (Expectation Expectation, LaunchOptions Options, EgressBait? Bait) WithWays(
        Expectation expectation, LaunchOptions options, LaunchRequest request, IReadOnlySet<string> names)
    {
        if (request.Network != NetworkMode.Bridge)
            return (expectation, options, null);
        var networks = new NetworkStore(store.Layout);
        Network[] connected = [.. request.Attachments.Select(attachment => networks.Find(attachment.Network))];
        EgressConfig? own = options.Config.Security.Egress is { Denies: true } policy ? policy : null;
        string[] rules = [.. own?.Allow ?? [], .. connected.SelectMany(network => network.Allow).Select(rule => rule.Text)];
        if (own is null && rules.Length == 0)
            return (expectation, options, null);
        expectation = expectation with { Egress = rules };
        if (!names.Contains("egress"))
            return (expectation, options, null);
        Network first = connected.FirstOrDefault(network => own is not null || network.Allow.Count > 0)!;
        var bait = EgressBait.Lay(store.Layout, first.Name, canAllow: own is not null && first.Allow.Count == 0);
        expectation = expectation with { Ways = bait.Ways };
        if (own is not null)
            options = options with { Config = options.Config with { Security = options.Config.Security with { Egress = own with { Allow = [.. own.Allow, .. bait.Rules] } } } };
        return (expectation, options, bait);
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
