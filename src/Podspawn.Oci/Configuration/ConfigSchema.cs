using Podspawn.Oci.Configuration.Yaml;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Configuration;

/// <summary>The keys of a podspawn config, and how each is read.</summary>
internal sealed class ConfigSchema
{
    private const string Example = "security: {pids_limit: 128}";
    private const string Security = "security";
    private const string Defaults = "defaults";
    private const string Session = "session";

    /// <summary>The top-level keys, including those that only podspawn uses.</summary>
    public static readonly string[] Sections =
        [Security, Defaults, Session, "auth", "state", "log", "resources", "projects_file"];

    private static readonly string[] SecurityKeys = Keys.Below(Security);
    private static readonly string[] EgressKeys = ["default", "allow"];
    private static readonly string[] DefaultsKeys = Keys.Below(Defaults);

    private readonly ConfigDiagnostics diagnostics;
    private readonly ValueReader values;
    private readonly string fileName;

    private ConfigSchema(string fileName, ConfigDiagnostics diagnostics)
    {
        this.diagnostics = diagnostics;
        values = new ValueReader(diagnostics);
        this.fileName = fileName;
    }

    /// <summary>Parses a text as far as possible.</summary>
    /// <exception cref="ConfigException">The text is not YAML; the exception contains every problem found so far.</exception>
    public static ConfigReading Read(string text, string fileName)
    {
        var diagnostics = new ConfigDiagnostics(fileName);
        YamlNode? root = YamlTree.Read(text.StartsWith('\ufeff') ? text[1..] : text, diagnostics);
        PodspawnConfig config = Read(root, fileName, diagnostics);
        return new ConfigReading(config, diagnostics.Errors);
    }

    /// <summary>Reads a config that is part of another file; its problems are added to the diagnostics.</summary>
    public static PodspawnConfig Read(YamlNode? root, string fileName, ConfigDiagnostics diagnostics) =>
        new ConfigSchema(fileName, diagnostics).Read(root);

    private PodspawnConfig Read(YamlNode? root)
    {
        var security = new SecurityConfig();
        var defaults = new LaunchDefaults();
        var session = new SessionConfig();
        if (root is not null)
        {
            foreach ((YamlScalar key, YamlNode value) in values.Entries(root, "", Example))
            {
                if (key.Value == Security)
                    security = ReadSecurity(value);
                else if (key.Value == Defaults)
                    defaults = ReadDefaults(value);
                else if (key.Value == Session)
                    session = ReadSession(value);
                else if (!Sections.Contains(key.Value))
                    UnknownSection(key);
            }
        }

        return new PodspawnConfig(security, defaults, diagnostics.Origins, diagnostics.Warnings) { Session = session };
    }

    private SecurityConfig ReadSecurity(YamlNode section)
    {
        var config = new SecurityConfig();
        foreach ((YamlScalar name, YamlNode node) in values.Entries(section, Security, Example))
        {
            string key = $"{Security}.{name.Value}";
            switch (key)
            {
                case Keys.CapDrop:
                    config = config with { CapDrop = values.Texts(node, key, "cap_drop: [ALL]", whenNull: []) ?? config.CapDrop };
                    break;
                case Keys.CapAdd:
                    config = config with { CapAdd = values.Texts(node, key, "cap_add: [CHOWN]", whenNull: []) ?? config.CapAdd };
                    break;
                case Keys.NoNewPrivileges:
                    bool? noNew = values.Truth(node, key, "no_new_privileges: true");
                    config = config with { NoNewPrivileges = noNew ?? config.NoNewPrivileges };
                    break;
                case Keys.PidsLimit:
                    config = config with { PidsLimit = values.Integer(node, key, "pids_limit: 128") ?? config.PidsLimit };
                    break;
                case Keys.ReadonlyRootfs:
                    config = config with { ReadonlyRootfs = values.Truth(node, key, "readonly_rootfs: true") ?? config.ReadonlyRootfs };
                    break;
                case Keys.Tmpfs:
                    config = config with { Tmpfs = values.PathMap(node, key, "tmpfs: {/tmp: \"size=64m\"}") ?? config.Tmpfs };
                    break;
                case Keys.Runtime:
                    config = config with { Runtime = values.Text(node, key, "runtime: runsc") ?? config.Runtime };
                    break;
                case Keys.Seccomp:
                    config = config with { Seccomp = ReadSeccomp(node, key) ?? config.Seccomp };
                    break;
                case Keys.MaskedPaths:
                    // A null does not mean an empty list: that would uncover what is hidden by default.
                    config = config with { MaskedPaths = values.Paths(node, key, "masked_paths: [/proc/kcore]") };
                    break;
                case Keys.ReadonlyPaths:
                    config = config with { ReadonlyPaths = values.Paths(node, key, "readonly_paths: [/proc/sys]") };
                    break;
                case Keys.Devices:
                    config = config with { Devices = values.Paths(node, key, "devices: [/dev/fuse]") ?? config.Devices };
                    break;
                case Keys.Network:
                    config = config with { Network = values.Text(node, key, "network: none") ?? config.Network };
                    break;
                case Keys.Egress:
                    config = config with { Egress = ReadEgress(node) };
                    break;
                default:
                    diagnostics.Error(key, "unknown key", Hint(name.Value, SecurityKeys), name);
                    break;
            }
        }

        return config;
    }

    // A null is no policy, like a key that is missing; an empty map is one that allows nothing.
    private EgressConfig? ReadEgress(YamlNode section)
    {
        const string Whole = "egress: {default: deny, allow: [\"example.org:443\"]}";
        if (section is YamlScalar { IsNull: true })
            return null;
        diagnostics.Note(Keys.Egress, section);
        var config = new EgressConfig();
        foreach ((YamlScalar name, YamlNode node) in values.Entries(section, Keys.Egress, Whole))
        {
            string key = $"{Keys.Egress}.{name.Value}";
            switch (key)
            {
                case Keys.EgressDefault:
                    config = config with { Default = values.Text(node, key, "default: deny") ?? config.Default };
                    break;
                case Keys.EgressAllow:
                    config = config with { Allow = values.Texts(node, key, "allow: [\"example.org:443\"]", whenNull: []) ?? config.Allow };
                    break;
                default:
                    diagnostics.Error(key, "unknown key", Hint(name.Value, EgressKeys), name);
                    break;
            }
        }
        return config;
    }

    private LaunchDefaults ReadDefaults(YamlNode section)
    {
        var config = new LaunchDefaults();
        foreach ((YamlScalar name, YamlNode node) in values.Entries(section, Defaults, "defaults: {memory: 2g}"))
        {
            string key = $"{Defaults}.{name.Value}";
            switch (key)
            {
                case Keys.Cpus:
                    config = config with { Cpus = values.Fraction(node, key, "cpus: 1.5") ?? config.Cpus };
                    break;
                case Keys.Memory:
                    config = config with { Memory = ReadMemory(node, key) ?? config.Memory };
                    break;
                case Keys.Shell:
                    string? shell = values.Text(node, key, "shell: /bin/sh");
                    config = config with { Shell = shell is { Length: > 0 } ? shell : null };
                    break;
                case Keys.Image:
                    string? image = values.Text(node, key, "image: docker.io/library/debian:12");
                    config = config with { Image = image is { Length: > 0 } ? image : null };
                    break;
                default:
                    if (RefuseInvisible(name, key))
                        break;
                    string hint = SecurityKeys.Contains(name.Value) ? "it belongs below security" : Hint(name.Value, DefaultsKeys);
                    diagnostics.Warn(key, "unknown key, not read", hint, name);
                    break;
            }
        }

        return config;
    }

    // Only podspawn uses the section's other keys.
    private SessionConfig ReadSession(YamlNode section)
    {
        var config = new SessionConfig();
        foreach ((YamlScalar name, YamlNode node) in values.Entries(section, Session, "session: {max_lifetime: 8h}"))
        {
            string key = $"{Session}.{name.Value}";
            if (RefuseInvisible(name, key))
                continue;
            if (key != Keys.MaxLifetime || values.Text(node, key, "max_lifetime: 8h") is not { Length: > 0 } text)
                continue;
            if (GoDuration.TryParse(text) is { } span)
                config = config with { MaxLifetime = span };
            else
                diagnostics.Error(key, $"'{Printable.Clean(text, 40)}' is no span of time", "write 1s or more (8h, 90m), or 0s for no limit", node);
        }
        return config;
    }

    private string? ReadSeccomp(YamlNode node, string key)
    {
        if (values.Text(node, key, "seccomp: default") is not { } text)
            return null;
        try
        {
            return SeccompChoice.Resolve(text, fileName);
        }
        catch (IOException)
        {
            diagnostics.Error(key, "found a relative path, but the current directory no longer exists", "write an absolute path", node);
            return null;
        }
    }

    private long? ReadMemory(YamlNode node, string key)
    {
        if (values.Text(node, key, "memory: 512m") is not { } text)
            return null;
        if (text.AsSpan().Trim().IsEmpty)
        {
            diagnostics.Warn(key, "empty, which podspawn takes for unlimited", "write 0 for unlimited, or a size such as 2g", node);
            return 0;
        }

        long? bytes = QuantityText.Memory(text, out string what);
        if (bytes is null)
            diagnostics.Error(key, what, QuantityText.MemoryHint, node);
        return bytes;
    }

    /// <summary>An ignored key must not look like an honoured one.</summary>
    private bool RefuseInvisible(YamlScalar name, string key)
    {
        if (InvisibleText.FirstIn(name.Value) is not { } character)
            return false;
        diagnostics.Error(key, $"the key holds {character}, which is not seen", "remove it, or write a plain space if that is meant", name);
        return true;
    }

    private void UnknownSection(YamlScalar key)
    {
        if (RefuseInvisible(key, key.Value))
            return;
        string? closest = Suggestion.Closest(key.Value, Sections);
        if (SecurityKeys.Contains(key.Value))
            diagnostics.Warn(key.Value, "unknown key, not read", "it belongs below security", key);
        // A mistyped security section would be ignored as a whole.
        else if (closest == Security)
            diagnostics.Error(key.Value, "unknown key", Suggestion.DidYouMean(Security)!, key);
        else
            diagnostics.Warn(key.Value, "unknown key, not read", Suggestion.DidYouMean(closest) ?? "", key);
    }

    private static string Hint(string word, string[] known) =>
        Suggestion.DidYouMean(word, known) ?? $"known are {string.Join(", ", known)}";
}
