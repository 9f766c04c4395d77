using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>The annotations of config.json. Runtimes take some of them for orders, which no rule has judged: those are refused.</summary>
internal static class AnnotationRules
{
    // crun(1), runc's docs/systemd.md, gvisor's runsc/specutils, criu(8), and what engines read: each may loosen what the rest of config.json says.
    private static readonly string[] Orders =
        ["run.oci.", "org.systemd.property.", "dev.gvisor.", "io.kubernetes.", "org.criu.", "io.katacontainers.", "org.opencontainers.runc.", "io.crun.", "module.wasm."];

    public static IReadOnlyDictionary<string, string>? Translate(LaunchRequest request, Diagnostics diagnostics)
    {
        foreach ((string key, string value) in request.Resources.Annotations)
        {
            if (Orders.FirstOrDefault(order => key.StartsWith(order, StringComparison.OrdinalIgnoreCase)) is { } order)
                diagnostics.Refuse(LaunchKeys.Annotation, $"{Printable.Quote(key)} is an order to a runtime, which may loosen the container",
                    $"use a name that does not begin with {order}");
            else if (ContainerPath.HoldsControl(key) || value.Contains('\0'))
                diagnostics.Refuse(LaunchKeys.Annotation, $"{Printable.Quote(key)} holds a control character", "remove it");
        }
        return request.Resources.Annotations.Count == 0 ? null : request.Resources.Annotations;
    }
}
