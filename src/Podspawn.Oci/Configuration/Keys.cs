namespace Podspawn.Oci.Configuration;

/// <summary>The dotted keys of a podspawn config. Each is named only here.</summary>
internal static class Keys
{
    public const string CapDrop = "security.cap_drop";
    public const string CapAdd = "security.cap_add";
    public const string NoNewPrivileges = "security.no_new_privileges";
    public const string PidsLimit = "security.pids_limit";
    public const string ReadonlyRootfs = "security.readonly_rootfs";
    public const string Tmpfs = "security.tmpfs";
    public const string Runtime = "security.runtime";
    public const string Seccomp = "security.seccomp";
    public const string MaskedPaths = "security.masked_paths";
    public const string ReadonlyPaths = "security.readonly_paths";
    public const string Devices = "security.devices";
    public const string Network = "security.network";
    public const string Egress = "security.egress";
    public const string EgressDefault = "security.egress.default";
    public const string EgressAllow = "security.egress.allow";
    public const string Cpus = "defaults.cpus";
    public const string Memory = "defaults.memory";
    public const string Shell = "defaults.shell";
    public const string Image = "defaults.image";
    public const string MaxLifetime = "session.max_lifetime";

    /// <summary>The order in which fields, problems and notes are reported: that of the config reference.</summary>
    public static ReadOnlySpan<string> InOrder => Order;

    private static readonly string[] Order =
    [
        CapDrop, CapAdd, NoNewPrivileges, PidsLimit, ReadonlyRootfs, Tmpfs, Runtime, Seccomp, MaskedPaths, ReadonlyPaths, Devices, Network, Egress, Cpus,
        Memory, Shell, Image, MaxLifetime,
    ];

    /// <summary>The names of a section's keys, without the section.</summary>
    public static string[] Below(string section) =>
        [.. Order.Where(key => IsWithin(key, section)).Select(Short)];

    public static string Element(string key, int index) => $"{key}[{index}]";

    public static string TmpfsAt(string path) => $"{Tmpfs}.{path}";

    /// <summary>The form of this key after <c>--allow-unenforced</c>.</summary>
    public static string Short(string key)
    {
        ReadOnlySpan<char> name = key.AsSpan(key.IndexOf('.') + 1);
        int end = name.IndexOfAny('.', '[');
        return (end < 0 ? name : name[..end]).ToString();
    }

    /// <summary>Whether <paramref name="key"/> is the field itself or an element of it.</summary>
    public static bool IsWithin(string key, string field) =>
        key.StartsWith(field, StringComparison.Ordinal) && (key.Length == field.Length || key[field.Length] is '[' or '.');
}
