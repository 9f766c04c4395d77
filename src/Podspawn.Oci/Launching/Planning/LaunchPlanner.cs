using System.Globalization;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Host.Probing;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Seccomp;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Terminals;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>Turns the user's options into a checked plan: reads the root filesystem and the host, creates nothing.</summary>
public static class LaunchPlanner
{
    /// <summary>Plans a launch on an opened root filesystem.</summary>
    /// <param name="options">What the user typed.</param>
    /// <param name="source">The opened source that the options name.</param>
    /// <param name="layout">Where the container's directories will be.</param>
    /// <exception cref="ConfigException">The config cannot be honoured.</exception>
    /// <exception cref="RootFilesystemException">The root filesystem cannot be used.</exception>
    /// <exception cref="Images.ImageException">The image is not available.</exception>
    /// <exception cref="RuntimeException">The runtime is not usable.</exception>
    /// <exception cref="ContainerException">Another option is wrong.</exception>
    public static LaunchPlan Plan(LaunchOptions options, LaunchSource source, StateLayout layout)
    {
        HostFacts host = HostProbe.Read();
        options = WithNetworkOfConfig(options with { Config = options.Masks.ApplyTo(options.Config, host) });
        string id = options.Id ?? (options.Name is null ? ContainerId.NewRandom() : ContainerId.Check(options.Name));
        ContainerPaths paths = layout.Of(id);
        DockerSeccompProfile? seccomp = ConfigCheck.Require(options.Config, host);
        string program = RuntimeLocator.Find(options.Config.Security.Runtime, options.Config.OriginOf(Keys.Runtime));
        RuntimeDriver driver = RuntimeDriver.For(program, layout.Cache, options.Signals);
        CgroupManager manager = CgroupManagers.Choose(options.CgroupManager, host, driver.Traits);
        driver = driver.With(manager == CgroupManager.Systemd ? [.. options.RuntimeFlags, CgroupManagers.RuntimeFlag] : options.RuntimeFlags);
        PodspawnConfig config = source.Bundle is { } bundle ? WithTmpfsOf(bundle, options.Config) : options.Config;
        LaunchRequest request = OnRoot(options, config, source, id, layout) with
        {
            RootPath = options.RootfsWritable ? source.Root.Path : paths.Root,
            CgroupsPath = host.CgroupLayout == CgroupLayout.None ? null : manager == CgroupManager.Systemd ? paths.SystemdCgroup : paths.Cgroup,
            CgroupManager = manager,
            Namespaces = options.Namespaces.Read(layout) with { Directory = paths.Joined },
            SeccompProfile = seccomp,
        };
        request = options.Networks.AddTo(request, layout, source.Image?.ExposedPorts ?? []);
        _ = TimeZoneFile.Read(options.TimeZone);
        IReadOnlyList<Note> notes = [.. NotesOn(source), .. NotesOn(options)];
        IReadOnlyList<OtherContainer> required = RequiredContainers.Read(options, layout);
        if (source.Image is not { } image)
            return new LaunchPlan(driver, host, request, config, notes) { Health = options.Health.Read(image: null), Requires = required };
        IReadOnlyList<string> volumes = options.ImageVolumes == ImageVolumeMode.None ? [] : ImageVolumes.PathsOf(image, source.Root, request, config);
        if (options.ImageVolumes == ImageVolumeMode.Tmpfs)
        {
            config = ImageVolumes.AddTmpfs(config, volumes);
            request = request with { CoveredDirectoryModes = CoveredModes(config, source.Root) };
        }
        else
        {
            request = ImageVolumes.Add(request, volumes, source.Root, layout);
        }
        return new LaunchPlan(driver, host, request, config, notes) { Health = options.Health.Read(image), Requires = required, Directories = [request.WorkingDirectory] };
    }

    /// <summary>
    /// Plans what would be launched, for <c>spec</c> and <c>explain</c>: the runtime need not be installed, and without a root filesystem the
    /// directory <c>rootfs</c> beside config.json takes its place.
    /// </summary>
    /// <inheritdoc cref="Plan" path="/exception"/>
    public static LaunchPlan DryRun(LaunchOptions options)
    {
        const string StandInName = "container";
        string id = options.Name is null ? StandInName : ContainerId.Check(options.Name);
        options = options with { Id = null };
        HostFacts host = HostProbe.Read();
        options = WithNetworkOfConfig(options with { Config = options.Masks.ApplyTo(options.Config, host) });
        DockerSeccompProfile? seccomp = ConfigCheck.Require(options.Config, host);
        RuntimeDriver driver = RuntimeLocator.FindOrAssume(options.Config.Security.Runtime, options.Config.OriginOf(Keys.Runtime), options.Signals).With(options.RuntimeFlags);
        using LaunchSource? source = LaunchSource.OpenOnPaper(options);
        PodspawnConfig config = source?.Bundle is { } bundle ? WithTmpfsOf(bundle, options.Config) : options.Config;
        LaunchRequest request = source is null ? OnNoRoot(options, config, id) : OnRoot(options, config, source, id, StateLayout.Default);
        request = request with { SeccompProfile = seccomp, Namespaces = options.Namespaces.Read(StateLayout.Default) };
        request = options.Networks.AddTo(request, StateLayout.Default, source?.Image?.ExposedPorts ?? []);
        return new LaunchPlan(driver, host, request, config, [.. source is null ? [] : NotesOn(source), .. NotesOn(options)]);
    }

    private static LaunchOptions WithNetworkOfConfig(LaunchOptions options) => options.Networks.Networks.Count > 0 ? options
        : options with { Networks = options.Networks with { Networks = [options.Config.Security.Network] } };

    private static IReadOnlyList<Note> NotesOn(LaunchSource source) =>
    [
        .. source.Bundle?.Notes ?? [],
        .. NotesOnRoot(source),
        .. (source.Bundle?.Process.Env ?? source.Image?.Environment ?? []).Where(ProcessMarks.IsOurs).Select(variable => new Note(
            source.Bundle is null ? "image.env" : "bundle.process.env", NoteSeverity.Differently,
            $"{variable.Split('=', 2)[0]} is podspawn-oci's own mark for the processes that it starts on the host: left out")),
    ];

    // Engines write a root elsewhere into their bundles, so it is accepted; but a user who runs a stranger's bundle has to know.
    private static IReadOnlyList<Note> NotesOnRoot(LaunchSource source) => source.Bundle is { } bundle && !ContainerPath.IsAtOrBelow(source.Root.Path, bundle.Directory)
        ? [new Note("bundle.root", NoteSeverity.Warning,
        $"the root filesystem is the host's '{Printable.Line(source.Root.Path)}', outside of the bundle: the container can read all that is in it")]
        : [];

    private static LaunchRequest OnRoot(LaunchOptions options, PodspawnConfig config, LaunchSource source, string id, StateLayout layout)
    {
        (RootFilesystem root, Bundle? bundle, ImageProcess? image) = (source.Root, source.Bundle, source.Image);
        if (image is null)
            HostPlaces.RefuseAsRoot(root, layout.Directories, layout.EmptyRoot);
        root.CheckKernelMounts();
        foreach (VolumeMount mount in options.Mounts)
            CheckOwnMount(root, mount.Destination);
        IReadOnlyDictionary<string, uint> coveredModes = CoveredModes(config, root);
        (ProcessUser user, string home) = User(options, bundle, image, root);
        string hostName = HostName(options, bundle, id);
        IReadOnlyList<string> environment = EnvironmentOptions.Compose(options, bundle?.Process.Env ?? image?.Environment ?? [], home, hostName);
        IReadOnlyList<VolumeMount> asked = MountRequests.Of(options, source, layout, id);
        IReadOnlyList<VolumeMount> volumes = [.. VolumeOptions.OfBundle(bundle, root, asked), .. asked, .. options.Mounts];
        if (options.Lifecycle.Notify.IsForContainer)
        {
            // Read-only: the container can reach the socket, and leave nothing beside it.
            var place = new VolumeMount(layout.Of(id).Notify, NotifyTarget.DirectoryInside, ReadOnly: true) { Options = ["nosuid", "noexec", "nodev"] };
            volumes = [.. volumes, place];
            environment = [.. environment.Where(variable => !variable.StartsWith("NOTIFY_SOCKET=", StringComparison.Ordinal)), $"NOTIFY_SOCKET={NotifyTarget.SocketInside}"];
        }
        ProtectedPaths.Check(config, root, volumes);
        string workingDirectory = options.WorkingDirectory ?? bundle?.Process.Cwd ?? image?.WorkingDirectory ?? "/";
        WorkingDirectory.Check(root, workingDirectory);
        IReadOnlyList<string> command = Command(options, config, bundle, image);
        if (!options.CommandComesLater)
            CheckCommand(root, command[0], workingDirectory, environment, mountsHideParts: volumes.Count + config.Security.Tmpfs.Count > 0);
        if (options.Init)
            volumes = [.. volumes, InitBinary.Mount()];
        return Common(options, id, hostName) with
        {
            Arguments = options.Init ? InitBinary.Before(command) : command,
            Environment = environment,
            WorkingDirectory = workingDirectory,
            User = user,
            RootPath = root.Path,
            RootReadonly = bundle?.RootReadonly ?? false,
            Volumes = volumes,
            CoveredDirectoryModes = coveredModes,
            CapabilityCeiling = bundle?.Capabilities,
            BundleNoNewPrivileges = bundle?.Process.NoNewPrivileges ?? false,
        };
    }

    private static Dictionary<string, uint> CoveredModes(PodspawnConfig config, RootFilesystem root)
    {
        var covered = new Dictionary<string, uint>();
        foreach ((string path, _) in config.Security.Tmpfs)
        {
            if (root.CheckMountTarget(path) is { } mode)
                covered[path] = mode;
        }
        return covered;
    }

    // With a link there, the runtime would mount on the link's target. The user did not choose the path, so the usual advice would not help.
    private static void CheckOwnMount(RootFilesystem root, string path)
    {
        try
        {
            root.CheckMountTarget(path);
        }
        catch (RootFilesystemException)
        {
            throw new ContainerException($"the root filesystem has a {path} that is no directory, where the probe goes; remove it, or verify without {Setting.Rootfs}");
        }
    }

    private static LaunchRequest OnNoRoot(LaunchOptions options, PodspawnConfig config, string id)
    {
        if (options.Volumes.Count + options.MountTexts.Count + options.VolumesFrom.Count > 0)
            throw new ContainerException($"{Setting.Volume}: its destination cannot be checked without a root filesystem; name one with {Setting.Rootfs} DIR");
        string hostName = HostName(options, null, id);
        (ProcessUser user, string home) = UserDatabase.Empty.Resolve(options.User);
        user = UserDatabase.Empty.Join(user, options.Groups);
        return Common(options, id, hostName) with
        {
            Arguments = options.Entrypoint is { Count: > 0 } || options.Command.Count > 0 ? [.. options.Entrypoint ?? [], .. options.Command]
                : [config.Defaults.Shell is { Length: > 0 } shell ? shell : "sh"],
            Environment = EnvironmentOptions.Compose(options, [], home, hostName),
            WorkingDirectory = options.WorkingDirectory ?? "/",
            User = user,
            RootPath = LaunchRequest.RootInBundle,
        };
    }

    private static LaunchRequest Common(LaunchOptions options, string id, string hostName)
    {
        (IReadOnlyList<GivenDevice> devices, IReadOnlyList<OpenedDevice> deviceRules) = options.Devices.Read(options.Config.Security.Devices);
        return new LaunchRequest
        {
            ContainerId = id,
            Arguments = [],
            HostName = hostName,
            RootPath = "",
            Terminal = options.Terminal,
            TerminalSize = options.Terminal && TerminalSize.TryGet(1, out int rows, out int columns) ? (rows, columns) : null,
            Resources = options.Resources.Read(),
            Devices = devices,
            DeviceRules = deviceRules,
            PreservedDescriptors = options.PreservedDescriptors,
            SaysReady = options.Lifecycle.Notify.IsForContainer,
            Names = options.Names.Read(),
            AllowUnenforced = options.AllowUnenforced,
        };
    }

    private static string HostName(LaunchOptions options, Bundle? bundle, string id)
    {
        const int Longest = 64;
        const int LongestOfId = 12; // docker's length
        string name = options.HostName ?? bundle?.HostName ?? (options.Networks.Mode == NetworkMode.Host ? Environment.MachineName : options.Id is null ? id : id[..LongestOfId]);
        return name.Length is > 0 and <= Longest && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_')
            ? name
            : throw new ContainerException($"{Setting.Hostname}: '{Printable.Line(name)}' is no host name; use letters, digits, '-' and '.', at most {Longest} characters");
    }

    private static (ProcessUser User, string Home) User(LaunchOptions options, Bundle? bundle, ImageProcess? image, RootFilesystem root)
    {
        UserDatabase users = UserDatabase.Read(root);
        if (options.User is not null || bundle is null)
            return Join(users.Resolve(options.User ?? image?.User));
        Spec.User user = bundle.Process.User;
        return (users.Join(new ProcessUser(user.Uid, user.Gid, user.AdditionalGids ?? []), options.Groups), users.Resolve(user.Uid.ToString(CultureInfo.InvariantCulture)).Home);

        (ProcessUser User, string Home) Join((ProcessUser User, string Home) found) => (users.Join(found.User, options.Groups), found.Home);
    }

    private static IReadOnlyList<Note> NotesOn(LaunchOptions options) =>
    [
        .. options.Masks.Notes(),
        .. options.HostEnvironment ? (Note[])[new Note("env_host", NoteSeverity.Warning, "every variable of the caller, secrets among them, is in the container")] : [],
    ];

    private static IReadOnlyList<string> Command(LaunchOptions options, PodspawnConfig config, Bundle? bundle, ImageProcess? image)
    {
        // As under docker: the image's arguments are for the image's entry point.
        IReadOnlyList<string> fixedPart = options.Entrypoint ?? image?.Entrypoint ?? [];
        IReadOnlyList<string> arguments = options.Command.Count > 0 || options.Entrypoint is not null ? options.Command : image?.Command ?? [];
        if (fixedPart.Count + arguments.Count > 0)
            return [.. fixedPart, .. arguments];
        if (bundle is { Process.Args.Count: > 0 })
            return bundle.Process.Args;
        return config.Defaults.Shell is { Length: > 0 } shell
            ? [shell]
            : throw new ContainerException($"no command; give one after the {(image is null ? "flags" : "image")}, or set defaults.shell in the config");
    }

    private static void CheckCommand(
        RootFilesystem root, string command, string workingDirectory, IReadOnlyList<string> environment, bool mountsHideParts)
    {
        CommandState state = CommandLookup.Find(root, command, workingDirectory, environment);
        // What a mount will cover or bring cannot be seen yet: there the runtime decides.
        if (state == CommandState.Runnable || mountsHideParts || command.StartsWith("/proc/", StringComparison.Ordinal) || command.StartsWith("/dev/", StringComparison.Ordinal))
            return;
        throw state switch
        {
            CommandState.NotFound =>
                new ContainerException(
                    $"command '{Printable.Line(command)}' is not found in the root filesystem ({Errno.Reason(Errno.ENOENT)}); check its name and the PATH inside",
                    ExitCodes.NotFound),
            CommandState.Circle => new ContainerException(
                $"command '{Printable.Line(command)}' cannot be executed ({Errno.Reason(Errno.ELOOP)}); check the links that it leads through", ExitCodes.NotExecutable),
            _ => new ContainerException(
                $"command '{Printable.Line(command)}' cannot be executed ({Errno.Reason(Errno.EACCES)}); it is a directory or has no execute permission", ExitCodes.NotExecutable),
        };
    }

    private static PodspawnConfig WithTmpfsOf(Bundle bundle, PodspawnConfig config)
    {
        // The config's own entry for a path wins over the bundle's.
        HashSet<string> own = [.. config.Security.Tmpfs.Select(entry => entry.Key)];
        IReadOnlyList<KeyValuePair<string, string>> merged = [.. bundle.Tmpfs.Where(entry => !own.Contains(entry.Key)), .. config.Security.Tmpfs];
        return config with { Security = config.Security with { Tmpfs = merged } };
    }
}
