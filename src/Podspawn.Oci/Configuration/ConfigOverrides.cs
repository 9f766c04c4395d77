using System.Globalization;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Configuration;

/// <summary>What the command line says about the config; null or empty where it says nothing.</summary>
public sealed record ConfigOverrides
{
    /// <summary><c>--cap-add</c>, in order.</summary>
    public IReadOnlyList<string> CapAdd { get; init; } = [];

    /// <summary><c>--cap-drop</c>, in order.</summary>
    public IReadOnlyList<string> CapDrop { get; init; } = [];

    /// <summary><c>--security-opt no-new-privileges[=BOOL]</c>.</summary>
    public bool? NoNewPrivileges { get; init; }

    /// <summary><c>--pids-limit</c>.</summary>
    public long? PidsLimit { get; init; }

    /// <summary><c>--read-only</c>.</summary>
    public bool? ReadonlyRootfs { get; init; }

    /// <summary><c>--tmpfs PATH[:OPTIONS]</c>, in order.</summary>
    public IReadOnlyList<string> Tmpfs { get; init; } = [];

    /// <summary><c>--runtime</c>.</summary>
    public string? Runtime { get; init; }

    /// <summary><c>--security-opt seccomp=...</c>; a relative path is relative to the current directory.</summary>
    public string? Seccomp { get; init; }

    /// <summary><c>--cpus</c>, as written.</summary>
    public string? Cpus { get; init; }

    /// <summary><c>--memory</c>, as written.</summary>
    public string? Memory { get; init; }

    /// <summary>
    /// The config with the flags in force. A flag replaces the file's value, save that capabilities are overridden one by one
    /// and tmpfs mounts path by path. To apply the same flags again changes nothing.
    /// </summary>
    /// <exception cref="ConfigException">Flags that cannot be honoured, all of them.</exception>
    public PodspawnConfig ApplyTo(PodspawnConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var applied = new Application(config);
        applied.Capabilities(CapAdd, CapDrop);
        applied.TmpfsMounts(Tmpfs);
        applied.Scalars(this);
        return applied.Result();
    }

    /// <summary>One application of flags: the config as far as it has come, and what was wrong.</summary>
    private sealed class Application(PodspawnConfig config)
    {
        private const string CapAddKey = "security.cap_add";
        private const string CapDropKey = "security.cap_drop";
        private const string TmpfsKey = "security.tmpfs";

        private readonly Dictionary<string, Origin> origins = new(config.Origins);
        private readonly List<Problem> problems = [];
        private SecurityConfig security = config.Security;
        private LaunchDefaults defaults = config.Defaults;

        public PodspawnConfig Result() => problems.Count > 0
            ? throw new ConfigException(problems)
            : config with { Security = security, Defaults = defaults, Origins = origins };

        public void Capabilities(IReadOnlyList<string> add, IReadOnlyList<string> drop)
        {
            RefuseEmpty(add, CapAddKey, Setting.CapAdd);
            RefuseEmpty(drop, CapDropKey, Setting.CapDrop);
            if (add.Count == 0 && drop.Count == 0)
                return;
            (SourcedList newAdd, SourcedList newDrop) = CapabilityOverrides.Apply(
                Sourced(CapAddKey, security.CapAdd), Sourced(CapDropKey, security.CapDrop), add, drop);
            security = security with { CapAdd = Store(CapAddKey, newAdd), CapDrop = Store(CapDropKey, newDrop) };
        }

        public void TmpfsMounts(IReadOnlyList<string> mounts)
        {
            if (mounts.Count == 0)
                return;
            Origin flag = Origin.FromFlag(Setting.Tmpfs);
            List<KeyValuePair<string, string>> list = [.. security.Tmpfs];
            foreach ((string path, _) in list)
                origins.TryAdd($"{TmpfsKey}.{path}", config.OriginOf($"{TmpfsKey}.{path}"));

            foreach (string mount in mounts)
            {
                int colon = mount.IndexOf(':', StringComparison.Ordinal);
                string path = colon < 0 ? mount : mount[..colon];
                if (path.Length == 0)
                {
                    Refuse(TmpfsKey, $"{Printable.Quote(mount)} names no path", "write PATH[:OPTIONS], such as /tmp:size=64m", flag);
                    continue;
                }

                var entry = KeyValuePair.Create(path, colon < 0 ? "" : mount[(colon + 1)..]);
                int same = list.FindIndex(other => Trim(other.Key) == Trim(path));
                if (same < 0)
                {
                    list.Add(entry);
                }
                else
                {
                    origins.Remove($"{TmpfsKey}.{list[same].Key}");
                    list[same] = entry;
                }

                origins[$"{TmpfsKey}.{path}"] = flag;
            }

            origins[TmpfsKey] = flag;
            security = security with { Tmpfs = list };
        }

        public void Scalars(ConfigOverrides flags)
        {
            if (flags.NoNewPrivileges is { } noNewPrivileges)
            {
                origins["security.no_new_privileges"] = Origin.FromFlag($"{Setting.SecurityOpt} no-new-privileges");
                security = security with { NoNewPrivileges = noNewPrivileges };
            }

            if (flags.ReadonlyRootfs is { } readonlyRootfs)
            {
                origins["security.readonly_rootfs"] = Origin.FromFlag(Setting.ReadOnly);
                security = security with { ReadonlyRootfs = readonlyRootfs };
            }

            if (flags.Runtime is { } runtime)
            {
                origins["security.runtime"] = Origin.FromFlag(Setting.Runtime);
                security = security with { Runtime = runtime };
            }

            if (flags.PidsLimit is { } pidsLimit)
                PidsLimit(pidsLimit);
            if (flags.Seccomp is { } seccomp)
                Seccomp(seccomp);
            if (flags.Cpus is { } cpus)
                Cpus(cpus);
            if (flags.Memory is { } memory)
                Memory(memory);
        }

        private void PidsLimit(long limit)
        {
            Origin flag = origins["security.pids_limit"] = Origin.FromFlag(Setting.PidsLimit);
            if (limit < -1)
                Refuse("security.pids_limit", $"{limit} is below -1", "write a number from 1 up, or -1 for unlimited", flag);
            security = security with { PidsLimit = limit };
        }

        private void Seccomp(string value)
        {
            Origin flag = origins["security.seccomp"] = Origin.FromFlag($"{Setting.SecurityOpt} seccomp");
            string? choice = SeccompChoice.Resolve(value, configFile: null, out (string What, string Hint) complaint);
            if (choice is null)
                Refuse("security.seccomp", complaint.What, complaint.Hint, flag);
            security = security with { Seccomp = choice ?? security.Seccomp };
        }

        private void Cpus(string text)
        {
            Origin flag = origins["defaults.cpus"] = Origin.FromFlag(Setting.Cpus);
            (string What, string Hint)? complaint;
            const NumberStyles style = NumberStyles.AllowDecimalPoint;
            if (!decimal.TryParse(text, style, CultureInfo.InvariantCulture, out decimal cpus) || (cpus == 0 && !ByteSize.IsZero(text)))
                complaint = ($"{Printable.Quote(text)} is not a number of cores", "write a number such as 1.5, or 0 for unlimited");
            else
                complaint = ResourceLimit.ComplaintAboutCpus(cpus);
            if (complaint is var (what, hint))
                Refuse("defaults.cpus", what, hint, flag);
            defaults = defaults with { Cpus = cpus };
        }

        private void Memory(string text)
        {
            Origin flag = origins["defaults.memory"] = Origin.FromFlag(Setting.Memory);
            if (ResourceLimit.ComplaintAboutMemory(text, out long bytes) is var (what, hint))
                Refuse("defaults.memory", what, hint, flag);
            defaults = defaults with { Memory = bytes };
        }

        private SourcedList Sourced(string key, IReadOnlyList<string> names)
        {
            var items = new KeyValuePair<string, Origin>[names.Count];
            for (int i = 0; i < items.Length; i++)
                items[i] = new(names[i], config.OriginOf(Element(key, i)));
            return new SourcedList(items, config.OriginOf(key));
        }

        /// <summary>Every element gets an origin of its own, for the list's own is now at most that of some.</summary>
        private string[] Store(string key, SourcedList list)
        {
            for (int i = 0; origins.Remove(Element(key, i)); i++)
            {
            }

            string[] names = new string[list.Items.Count];
            for (int i = 0; i < names.Length; i++)
                (names[i], origins[Element(key, i)]) = list.Items[i];
            origins[key] = list.Origin;
            return names;
        }

        private void RefuseEmpty(IReadOnlyList<string> names, string key, Setting flag)
        {
            foreach (string name in names)
            {
                if (string.IsNullOrWhiteSpace(name))
                    Refuse(key, "the name of the capability is missing", $"for example {flag} CHOWN", Origin.FromFlag(flag));
            }
        }

        private void Refuse(string key, string what, string hint, Origin origin) => problems.Add(new Problem(key, what, hint, origin));

        private static string Element(string key, int index) => string.Create(CultureInfo.InvariantCulture, $"{key}[{index}]");

        private static string Trim(string path) => path.Length > 1 ? path.TrimEnd('/') : path;
    }
}
