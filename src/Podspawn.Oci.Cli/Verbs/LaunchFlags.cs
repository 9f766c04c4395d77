using System.CommandLine;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>The flags of <c>run</c>, <c>spec</c> and <c>explain</c>, with docker's and podman's names.</summary>
internal sealed class LaunchFlags
{
    private static readonly string[] Waivables =
    [
        "pids_limit", "memory", "cpus", "seccomp", "tmpfs", "masked_paths", "readonly_paths",
        "memory_swap", "memory_reservation", "cpu_shares", "cpuset_cpus", "cpuset_mems", "blkio_weight", "ulimit", "sysctl", "umask",
        "device", "device_cgroup_rule", "egress",
    ];

    private readonly Option<string?> config = Flag.Text("--config", "FILE", "The podspawn config (default: /etc/podspawn/config.yaml)");
    private readonly Option<string?> rootfs = Flag.Text("--rootfs", "DIR", "The directory to use as root; what the container writes is discarded");
    private readonly Option<string?> bundle = Flag.Text("--bundle", "DIR", "An OCI bundle; its config.json supplies process, mounts and root", "-b");
    private readonly ImageFlags images = new();
    private readonly Option<bool> rootfsWritable = Switch("--rootfs-writable", "Let the container write through to the root directory");
    private readonly Option<bool> interactive = Switch("--interactive", "Pass stdin on to the container", "-i");
    private readonly Option<bool> tty = Switch("--tty", "Give the container a terminal", "-t");
    private readonly Option<string[]> env = Flag.List("--env", "NAME[=VALUE]", "Set an environment variable, or pass the caller's on", "-e");
    private readonly Option<string[]> envFile = Flag.List("--env-file", "FILE", "Read environment variables from a file");
    private readonly Option<string?> workdir = Flag.Text("--workdir", "DIR", "The working directory inside", "-w");
    private readonly Option<string?> user = Flag.Text("--user", "USER[:GROUP]", "The user to run as, by the container's own passwd and group", "-u");
    private readonly Option<string[]> volume = Flag.List("--volume", "[SRC:]DST[:OPTIONS]", "Mount a path of the host, a volume by its name, or one without a name", "-v");
    private readonly Option<string[]> mount = Flag.List("--mount", "type=TYPE,KEY=VALUE,...", "Mount a path of the host (bind), a volume, a tmpfs or an image");
    private readonly Option<string[]> volumesFrom = Flag.List("--volumes-from", "CONTAINER[:ro]", "Mount what another container has of volumes and of paths of the host");
    private readonly Option<string?> hostname = Flag.Text("--hostname", "NAME", "The host name inside", "-h");
    private readonly Option<string?> name = Flag.Text("--name", "NAME", "The container's name (default: a random one)");
    private readonly NetworkFlags networks = new();
    private readonly Option<string[]> capAdd = Flag.List("--cap-add", "CAP", "Add a capability, or ALL");
    private readonly Option<string[]> capDrop = Flag.List("--cap-drop", "CAP", "Drop a capability, or ALL");
    private readonly Option<long?> pidsLimit = new("--pids-limit") { HelpName = "N", Description = "The largest number of processes; -1 for unlimited" };
    private readonly Option<bool?> readOnly = new("--read-only") { HelpName = "BOOL", Description = "Make the root filesystem read-only", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string[]> tmpfs = Flag.List("--tmpfs", "PATH[:OPTIONS]", "Mount a tmpfs");
    private readonly Option<string[]> securityOpt = Flag.List("--security-opt", "OPTION", "no-new-privileges[=BOOL], seccomp=default|unconfined|FILE, mask=PATH, unmask=PATH|ALL");
    private readonly Option<string?> runtime = Flag.Text("--runtime", "NAME|PATH", "The OCI runtime: runc, crun, runsc, or an absolute path");
    private readonly Option<string[]> runtimeFlag = Flag.List("--runtime-flag", "FLAG", "Pass a flag of its own to the runtime, before its verb (platform=ptrace)");
    private readonly Option<string?> cpus = Flag.Text("--cpus", "N", "The number of processors it may use");
    private readonly Option<string?> memory = Flag.Text("--memory", "SIZE", "The memory it may use (b, k, m, g)", "-m");
    private readonly ResourceFlags resources = new();
    private readonly EnvironmentFlags surroundings = new();
    private readonly NamespaceFlags namespaces = new();
    private readonly DeviceFlags devices = new();
    private readonly Option<string?> cgroupManager =
        Flag.Text("--cgroup-manager", "systemd|cgroupfs", "Who makes the cgroup (default: systemd where it can, else the runtime itself)");
    private readonly Option<string[]> allowUnenforced = Flag.List("--allow-unenforced", "KEY",
        $"Launch although this key cannot be enforced here ({string.Join(", ", Waivables)})");
    private readonly Argument<string[]> command = new("COMMAND") { Description = "The command and its arguments", Arity = ArgumentArity.ZeroOrMore };

    private bool imageIsFirstWord;

    /// <summary>Adds the flags and the command to a verb.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="imageFirst">Whether the first word is the image, unless a flag names another root.</param>
    internal void AddTo(Command verb, bool imageFirst = false)
    {
        imageIsFirstWord = imageFirst;
        AddContainerFlags(verb);
        foreach (Option option in new Option[] { rootfsWritable, interactive, tty, env, envFile, workdir, name })
            verb.Options.Add(option);
        AddResources(verb);
        surroundings.AddTo(verb);
        namespaces.AddTo(verb);
        devices.AddTo(verb);
        if (imageFirst)
            command.Description = "The image (unless --rootfs, --bundle or --image is given), the command and its arguments";
        verb.Arguments.Add(command);
    }

    /// <summary>Adds the flag for the manager of the cgroup, which verbs that launch nothing do not have.</summary>
    internal void AddCgroupManager(Command verb) => verb.Options.Add(cgroupManager);

    /// <summary>Adds the flags for what a container may take of its host, which <see cref="AddTo"/> adds as well.</summary>
    internal void AddResources(Command verb) => resources.AddTo(verb);

    /// <summary>Adds the flags that describe a container, whatever runs in it.</summary>
    internal void AddContainerFlags(Command verb)
    {
        foreach (Option option in new Option[]
        {
            config, rootfs, bundle, user, volume, mount, volumesFrom, hostname, capAdd, capDrop, pidsLimit, readOnly, tmpfs, securityOpt, runtime, runtimeFlag,
            cpus, memory, allowUnenforced,
        })
        {
            verb.Options.Add(option);
        }
        networks.AddTo(verb);
        images.AddTo(verb);
    }

    /// <summary>Reads the user's flags.</summary>
    /// <exception cref="ConfigException">The config or a flag is wrong.</exception>
    internal LaunchOptions Read(ParseResult parsed)
    {
        string? file = parsed.GetValue(config);
        PodspawnConfig loaded = Overrides(parsed).ApplyTo(file is null ? ConfigLoader.LoadDefault() : ConfigLoader.LoadFile(file));
        string[] words = parsed.GetValue(command) ?? [];
        if (parsed.GetValue(rootfs) is not null && parsed.GetValue(bundle) is not null)
            throw new UsageException("--rootfs and --bundle exclude each other; give one of them");
        images.Check(parsed);
        NamespaceOptions shared = namespaces.Read(parsed);
        bool rootIsNamed = parsed.GetValue(rootfs) is not null || parsed.GetValue(bundle) is not null;
        ImageSource? source = images.Flag(parsed, rootIsNamed);
        if (source is null && !rootIsNamed && imageIsFirstWord)
        {
            // As in docker and podman; without any word the config decides.
            source = (words is [string first, ..] ? first : loaded.Defaults.Image) is { } text ? ImageSource.Parse(text) : null;
            words = words is [_, ..] ? words[1..] : words;
        }
        return surroundings.Apply(parsed, new LaunchOptions
        {
            Config = loaded,
            Image = source is null or { Transport: ImageTransport.Directory or ImageTransport.Bundle } ? null : images.Request(parsed, source),
            RootfsPath = parsed.GetValue(rootfs) ?? (source?.Transport == ImageTransport.Directory ? source.Path : null),
            BundlePath = parsed.GetValue(bundle) ?? (source?.Transport == ImageTransport.Bundle ? source.Path : null),
            MountedImages = [.. ImageMountRequests.SourcesOf(parsed.GetValue(mount) ?? []).Select(mounted => images.Request(parsed, mounted))],
            StorageDriver = images.Driver(parsed),
            ImageVolumes = images.Volumes(parsed),
            Entrypoint = images.Entrypoint(parsed),
            RootfsWritable = parsed.GetValue(rootfsWritable),
            Interactive = parsed.GetValue(interactive),
            Terminal = parsed.GetValue(tty),
            Command = words,
            Environment = parsed.GetValue(env) ?? [],
            EnvironmentFiles = parsed.GetValue(envFile) ?? [],
            WorkingDirectory = parsed.GetValue(workdir),
            User = parsed.GetValue(user),
            Volumes = parsed.GetValue(volume) ?? [],
            MountTexts = parsed.GetValue(mount) ?? [],
            VolumesFrom = parsed.GetValue(volumesFrom) ?? [],
            HostName = parsed.GetValue(hostname),
            Name = parsed.GetValue(name),
            Networks = networks.Read(parsed),
            CgroupManager = CgroupManagers.Parse(parsed.GetValue(cgroupManager)),
            CreatedIn = Environment.CurrentDirectory,
            Signals = OwnProgram.Signals,
            Resources = resources.Read(parsed),
            Devices = devices.Read(parsed),
            Namespaces = shared,
            Masks = SecurityOptions.Read(parsed.GetValue(securityOpt) ?? []).Masks,
            RuntimeFlags = parsed.GetValue(runtimeFlag) ?? [],
            AllowUnenforced = new HashSet<string>((parsed.GetValue(allowUnenforced) ?? []).Select(Waivable)),
        });
    }

    private ConfigOverrides Overrides(ParseResult parsed)
    {
        SecurityOptions security = SecurityOptions.Read(parsed.GetValue(securityOpt) ?? []);
        return new ConfigOverrides
        {
            CapAdd = Words(parsed.GetValue(capAdd)),
            CapDrop = Words(parsed.GetValue(capDrop)),
            NoNewPrivileges = security.NoNewPrivileges,
            PidsLimit = parsed.GetValue(pidsLimit),
            ReadonlyRootfs = parsed.GetResult(readOnly) is null ? null : parsed.GetValue(readOnly) ?? true,
            Tmpfs = MountRequests.TmpfsOf(parsed.GetValue(tmpfs) ?? [], parsed.GetValue(mount) ?? []),
            Runtime = parsed.GetValue(runtime),
            Network = networks.Text(parsed),
            Egress = networks.Egress(parsed),
            EgressAllow = networks.EgressAllow(parsed),
            Seccomp = security.Seccomp,
            Cpus = parsed.GetValue(cpus),
            CpuQuota = resources.Quota(parsed),
            CpuPeriod = resources.Read(parsed).CpuPeriod,
            Memory = parsed.GetValue(memory),
        };
    }

    private static string Waivable(string key) => Waivables.Contains(key)
        ? key
        : throw new UsageException(
            $"--allow-unenforced: '{Printable.Clean(key)}' is no key that may go unenforced; " +
                (Suggestion.DidYouMean(key, Waivables) ?? $"use one of {string.Join(", ", Waivables)}"));

    // podman accepts several capabilities in one flag.
    private static IReadOnlyList<string> Words(string[]? values) => [.. (values ?? []).SelectMany(value => value.Split(','))];

    private static Option<bool> Switch(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, Arity = ArgumentArity.Zero };
}
