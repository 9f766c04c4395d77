using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Verification.Expectations;

/// <summary>The devices that a config.json allows beside those of every container.</summary>
internal static class AllowedDevices
{
    // /dev/null and its like (config-linux.md, "Default Devices"), and the pseudo-terminals.
    private static readonly HashSet<(long? Major, long? Minor)> Usual = [(1, 3), (1, 5), (1, 7), (1, 8), (1, 9), (5, 0), (5, 1), (5, 2), (136, null)];

    /// <summary>As the device controller writes them: <c>c 10:229 rw</c>.</summary>
    public static IReadOnlyList<string> Of(RuntimeSpec spec) =>
    [
        .. (spec.Linux.Resources?.Devices ?? []).Where(rule => rule is { Allow: true, Type: "c" or "b", Major: not null, Minor: not null, Access: not null }
                && !(rule.Type == "c" && Usual.Contains((rule.Major, rule.Minor))))
            .Select(rule => new OpenedDevice(rule.Type!, rule.Major!.Value, rule.Minor!.Value, rule.Access!).ToString()),
    ];
}
