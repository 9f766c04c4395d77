using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Configuration;

/// <summary>A loaded config with the origin of each value.</summary>
/// <param name="Security">The <c>security</c> section.</param>
/// <param name="Defaults">The <c>defaults</c> section.</param>
/// <param name="Origins">Dotted key to origin: whole keys (<c>security.cap_add</c>, <c>defaults.memory</c>) and elements (<c>security.cap_add[1]</c>,
/// <c>security.tmpfs./tmp</c>). An absent key has the built-in default.</param>
/// <param name="Warnings">Values that were accepted but need a remark, such as an unknown key outside <c>security</c>.</param>
public sealed record PodspawnConfig(
    SecurityConfig Security,
    LaunchDefaults Defaults,
    IReadOnlyDictionary<string, Origin> Origins,
    IReadOnlyList<Problem> Warnings)
{
    /// <summary>The <c>session</c> section.</summary>
    public SessionConfig Session { get; init; } = new();

    /// <summary>The built-in defaults.</summary>
    public static PodspawnConfig BuiltIn { get; } =
        new(new SecurityConfig(), new LaunchDefaults(), new Dictionary<string, Origin>(), []);

    /// <summary>The origin of a key; for an element without its own, the origin of the key that contains it.</summary>
    public Origin OriginOf(string key)
    {
        if (Origins.TryGetValue(key, out Origin? origin))
            return origin;
        int parent = key.LastIndexOf('[');
        if (parent < 0 && key != Keys.Tmpfs && Keys.IsWithin(key, Keys.Tmpfs))
            parent = Keys.Tmpfs.Length;
        return parent > 0 ? OriginOf(key[..parent]) : Origin.Default;
    }
}
