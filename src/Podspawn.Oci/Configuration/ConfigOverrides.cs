using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Configuration;

/// <summary>The command line's overrides of the config; null or empty where there are none.</summary>
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

    /// <summary><c>--network</c>; several are separated by blanks.</summary>
    public string? Network { get; init; }

    /// <summary><c>--egress</c>: <c>deny</c> or <c>allow</c>.</summary>
    public string? Egress { get; init; }

    /// <summary><c>--egress-allow</c>, in order; behind those of the file.</summary>
    public IReadOnlyList<string> EgressAllow { get; init; } = [];

    /// <summary><c>--cpus</c>, as written.</summary>
    public string? Cpus { get; init; }

    /// <summary><c>--cpu-quota</c>: microseconds in each period, in place of a number of processors.</summary>
    public long? CpuQuota { get; init; }

    /// <summary><c>--cpu-period</c>: the length of a period in microseconds.</summary>
    public long? CpuPeriod { get; init; }

    /// <summary><c>--memory</c>, as written.</summary>
    public string? Memory { get; init; }

    /// <summary>
    /// Applies the overrides. A flag replaces the file's value, except that capabilities are overridden one by one and tmpfs mounts path by path.
    /// Applying the same flags again changes nothing.
    /// </summary>
    /// <exception cref="ConfigException">Flags cannot be read; the exception contains all of them. The translator judges their values.</exception>
    public PodspawnConfig ApplyTo(PodspawnConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var applied = new Application(config);
        applied.Capabilities(CapAdd, CapDrop);
        applied.TmpfsMounts(Tmpfs);
        applied.Scalars(this);
        return applied.Result();
    }

    /// <summary>One application of flags: the config so far, and the problems so far.</summary>
    private sealed class Application(PodspawnConfig config)
    {
        private readonly Dictionary<string, Origin> origins = new(config.Origins);
        private readonly List<Problem> problems = [];
        private SecurityConfig security = config.Security;
        private LaunchDefaults defaults = config.Defaults;

        public PodspawnConfig Result() => problems.Count > 0
            ? throw new ConfigException(problems)
            : config with { Security = security, Defaults = defaults, Origins = origins };

        public void Capabilities(IReadOnlyList<string> add, IReadOnlyList<string> drop)
        {
            RefuseEmpty(add, Keys.CapAdd, Setting.CapAdd);
            RefuseEmpty(drop, Keys.CapDrop, Setting.CapDrop);
            if (add.Count == 0 && drop.Count == 0)
                return;
            (SourcedList newAdd, SourcedList newDrop) = CapabilityOverrides.Apply(
                Sourced(Keys.CapAdd, security.CapAdd), Sourced(Keys.CapDrop, security.CapDrop), add, drop);
            security = security with { CapAdd = Store(Keys.CapAdd, newAdd), CapDrop = Store(Keys.CapDrop, newDrop) };
        }

        public void TmpfsMounts(IReadOnlyList<string> mounts)
        {
            if (mounts.Count == 0)
                return;
            Origin flag = Origin.FromFlag(Setting.Tmpfs);
            List<KeyValuePair<string, string>> list = [.. security.Tmpfs];
            foreach ((string path, _) in list)
                origins.TryAdd(Keys.TmpfsAt(path), config.OriginOf(Keys.TmpfsAt(path)));

            foreach (string mount in mounts)
            {
                int colon = mount.IndexOf(':', StringComparison.Ordinal);
                string path = CleanPath.Of(colon < 0 ? mount : mount[..colon]);
                if (path.Length == 0)
                {
                    Refuse(Keys.Tmpfs, $"{Printable.Quote(mount)} names no path", "write PATH[:OPTIONS], such as /tmp:size=64m", flag);
                    continue;
                }

                var entry = KeyValuePair.Create(path, colon < 0 ? "" : mount[(colon + 1)..]);
                int same = list.FindIndex(other => other.Key == path);
                if (same < 0)
                {
                    list.Add(entry);
                }
                else
                {
                    origins.Remove(Keys.TmpfsAt(list[same].Key));
                    list[same] = entry;
                }

                origins[Keys.TmpfsAt(path)] = flag;
            }

            origins[Keys.Tmpfs] = flag;
            security = security with { Tmpfs = list };
        }

        public void Scalars(ConfigOverrides flags)
        {
            if (flags.NoNewPrivileges is { } noNewPrivileges)
            {
                origins[Keys.NoNewPrivileges] = Origin.FromFlag($"{Setting.SecurityOpt} no-new-privileges");
                security = security with { NoNewPrivileges = noNewPrivileges };
            }

            if (flags.ReadonlyRootfs is { } readonlyRootfs)
            {
                origins[Keys.ReadonlyRootfs] = Origin.FromFlag(Setting.ReadOnly);
                security = security with { ReadonlyRootfs = readonlyRootfs };
            }

            if (flags.Runtime is { } runtime)
            {
                origins[Keys.Runtime] = Origin.FromFlag(Setting.Runtime);
                security = security with { Runtime = runtime };
            }

            if (flags.PidsLimit is { } pidsLimit)
            {
                origins[Keys.PidsLimit] = Origin.FromFlag(Setting.PidsLimit);
                security = security with { PidsLimit = pidsLimit };
            }

            if (flags.Network is { } network)
            {
                origins[Keys.Network] = Origin.FromFlag(Setting.Network);
                security = security with { Network = network };
            }

            Egress(flags.Egress, flags.EgressAllow);
            if (flags.Seccomp is { } seccomp)
                Seccomp(seccomp);
            if (flags.Cpus is { } cpus)
                Cpus(cpus);
            if (flags is { Cpus: not null, CpuQuota: not null } or { Cpus: not null, CpuPeriod: not null })
                Refuse(Keys.Cpus, $"{Setting.Cpus} excludes {Setting.CpuQuota} and {Setting.CpuPeriod}", "give a number of processors, or a quota", Origin.FromFlag(Setting.Cpus));
            else if (flags.CpuQuota is { } quota)
                CpuQuota(quota, flags.CpuPeriod);
            if (flags.Memory is { } memory)
                Memory(memory);
        }

        // A flag that lets everything pass takes the file's rules with it, which would be in vain.
        private void Egress(string? byDefault, IReadOnlyList<string> allow)
        {
            if (byDefault is null && allow.Count == 0)
                return;
            EgressConfig before = security.Egress is { } own && byDefault != EgressConfig.Any ? own : new EgressConfig();
            string[] added = [.. allow.Where(rule => !before.Allow.Contains(rule))];
            for (int i = 0; i < added.Length; i++)
                origins[Keys.Element(Keys.EgressAllow, before.Allow.Count + i)] = Origin.FromFlag(Setting.EgressAllow);
            origins[Keys.Egress] = origins[Keys.EgressDefault] = Origin.FromFlag(byDefault is null ? Setting.EgressAllow : Setting.Egress);
            security = security with { Egress = before with { Default = byDefault ?? EgressConfig.Deny, Allow = [.. before.Allow, .. added] } };
        }

        private void Seccomp(string value)
        {
            Origin flag = origins[Keys.Seccomp] = Origin.FromFlag($"{Setting.SecurityOpt} seccomp");
            try
            {
                security = security with { Seccomp = SeccompChoice.Resolve(value, configFile: null) };
            }
            catch (IOException)
            {
                Refuse(Keys.Seccomp, "found a relative path, but the current directory no longer exists", "write an absolute path", flag);
            }
        }

        private void Cpus(string text)
        {
            Origin flag = origins[Keys.Cpus] = Origin.FromFlag(Setting.Cpus);
            if (QuantityText.Cpus(text, out string what) is { } cpus)
                defaults = defaults with { Cpus = cpus };
            else
                Refuse(Keys.Cpus, what, QuantityText.CpusHint, flag);
        }

        private void CpuQuota(long quota, long? period)
        {
            origins[Keys.Cpus] = Origin.FromFlag(Setting.CpuQuota);
            defaults = defaults with { Cpus = QuantityText.Processors(quota, period) };
        }

        private void Memory(string text)
        {
            Origin flag = origins[Keys.Memory] = Origin.FromFlag(Setting.Memory);
            if (QuantityText.Memory(text, out string what) is { } bytes)
                defaults = defaults with { Memory = bytes };
            else
                Refuse(Keys.Memory, what, QuantityText.MemoryHint, flag);
        }

        private SourcedList Sourced(string key, IReadOnlyList<string> names)
        {
            var items = new KeyValuePair<string, Origin>[names.Count];
            for (int i = 0; i < items.Length; i++)
                items[i] = new(names[i], config.OriginOf(Keys.Element(key, i)));
            return new SourcedList(items, config.OriginOf(key));
        }

        /// <summary>Every element gets its own origin, since the list's origin now holds for some of them only.</summary>
        private string[] Store(string key, SourcedList list)
        {
            for (int i = 0; origins.Remove(Keys.Element(key, i)); i++)
            {
            }

            string[] names = new string[list.Items.Count];
            for (int i = 0; i < names.Length; i++)
                (names[i], origins[Keys.Element(key, i)]) = list.Items[i];
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
    }
}
