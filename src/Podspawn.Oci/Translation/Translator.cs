using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>
/// Translates a security config and a launch to an OCI runtime spec. Pure: everything it needs to know of the host comes in as values, so the same
/// input gives the same spec on every machine.
/// </summary>
public static class Translator
{
    /// <summary>Everything that is wrong with a config by itself, whatever is launched with it. Empty where nothing is.</summary>
    public static IReadOnlyList<Problem> Validate(PodspawnConfig config, HostFacts host)
    {
        Diagnostics diagnostics = new(config);
        ResolvedConfig.Of(config, host, diagnostics);
        return diagnostics.Problems();
    }

    /// <summary>The problems of single values of a config that hold on every host: what can be judged where it will not run.</summary>
    internal static IReadOnlyList<Problem> ValidateValues(PodspawnConfig config)
    {
        Diagnostics diagnostics = new(config);
        ValueRules.Check(config, diagnostics);
        return diagnostics.Problems();
    }

    /// <summary>The spec that enforces the config for this launch, and the outcome of each field.</summary>
    /// <exception cref="TranslationException">A value is wrong or cannot be enforced here. The exception contains every problem.</exception>
    /// <exception cref="ArgumentException">The config names a seccomp profile that the request does not contain.</exception>
    public static TranslationResult Translate(PodspawnConfig config, LaunchRequest request, HostFacts host, RuntimeTraits runtime)
    {
        Diagnostics diagnostics = new(config);
        ResolvedConfig resolved = ResolvedConfig.Of(config, host, diagnostics);
        ProcessRules.Check(request, runtime, diagnostics);
        RuntimeSpec spec = Build(config, resolved, request, host, runtime, diagnostics);
        if (diagnostics.HasProblems)
            throw new TranslationException(diagnostics.Problems());
        IReadOnlyList<FieldOutcome> fields =
        [
            .. FieldOutcomes.Of(config, spec, runtime, diagnostics), .. LaunchOutcomes.Of(request, spec, runtime, diagnostics),
            .. SharingOutcomes.Of(request, spec, diagnostics),
        ];
        return new TranslationResult(spec, fields, diagnostics.Notes());
    }

    private static RuntimeSpec Build(
        PodspawnConfig config, ResolvedConfig resolved, LaunchRequest request, HostFacts host, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        SecurityConfig security = config.Security;
        bool readonlyRoot = security.ReadonlyRootfs || request.RootReadonly;
        CapabilitySet capabilities = CapabilityRules.ForRuntime(
            CapabilityRules.Restrict(resolved.Capabilities, request.CapabilityCeiling, diagnostics), runtime, diagnostics);
        (PidsLimits? pids, Rlimit? processes) = PidsRules.Translate(security.PidsLimit, capabilities, request, host, runtime, diagnostics);
        if (runtime.Kernel == SystemCallHandler.Sentry)
            PathLists.TellOfSentry(resolved.MaskedPaths, resolved.ReadonlyPaths, request, host, diagnostics);

        IReadOnlyList<Mount> mounts = MountRules.Build(resolved, request, host, runtime, readonlyRoot, diagnostics);
        NamespaceRules.Check(request, capabilities, runtime, diagnostics);
        NetworkRules.Check(request, capabilities, runtime, diagnostics);
        EgressRules.Check(security.Egress, request, capabilities, runtime, diagnostics);
        DeviceRules.Check(request, mounts, host, runtime, diagnostics);
        if (readonlyRoot && !security.ReadonlyRootfs)
            diagnostics.Inform(Keys.ReadonlyRootfs, "the bundle's own config.json asks for a read-only root, and is not loosened");

        return new RuntimeSpec
        {
            Process = ProcessRules.Build(
                request,
                UmaskRules.Translate(request, runtime, diagnostics),
                CapabilityRules.ToSpec(capabilities, request.User, runtime),
                RlimitRules.Build(processes, request, host, runtime, diagnostics),
                PrivilegeRules.NoNewPrivileges(security.NoNewPrivileges, request, runtime, diagnostics)) with
            {
                OomScoreAdj = OomRules.Translate(request, host, diagnostics),
            },
            Root = new Root(request.RootPath, readonlyRoot),
            Hostname = request.HostName.Length == 0 ? null : request.HostName,
            Mounts = mounts,
            Annotations = AnnotationRules.Translate(request, diagnostics),
            Linux = new Linux
            {
                Namespaces = Namespaces.For(request, host),
                Devices = DeviceRules.Nodes(request, runtime),
                CgroupsPath = CgroupPath.InSpec(request),
                Resources = new LinuxResources
                {
                    Devices = DeviceRules.For(request, host, runtime),
                    Memory = MemoryRules.Translate(config.Defaults.Memory, request, host, runtime, diagnostics),
                    Cpu = CpuRules.Translate(config.Defaults.Cpus, request, host, diagnostics),
                    Pids = pids,
                    BlockIo = BlockIoRules.Translate(request, host, runtime, diagnostics),
                },
                Sysctl = SysctlRules.Translate(request, runtime, diagnostics),
                Seccomp = SeccompRules.Translate(security.Seccomp, capabilities, request, host, runtime, diagnostics),
                RootfsPropagation = "rprivate",
                MaskedPaths = resolved.MaskedPaths,
                ReadonlyPaths = PathLists.WithoutReopened(resolved.ReadonlyPaths, mounts, request, runtime, diagnostics),
            },
        };
    }
}
