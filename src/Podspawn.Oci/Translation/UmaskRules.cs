using Podspawn.Oci.Host;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>The file mode creation mask of the container's processes (umask(2)).</summary>
internal static class UmaskRules
{
    // The mask of every process that is not given another, and the only one of gvisor's.
    private const uint Usual = 0x12; // 0022

    public static uint? Translate(LaunchRequest request, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        if (request.Resources.Umask is not { } mask || mask == Usual || runtime.Kernel != SystemCallHandler.Sentry)
            return request.Resources.Umask;
        diagnostics.RefuseUnlessWaived(LaunchKeys.Umask, "gvisor gives every process the mask 0022", request.AllowUnenforced, "leave it away, use another runtime");
        return null;
    }
}
