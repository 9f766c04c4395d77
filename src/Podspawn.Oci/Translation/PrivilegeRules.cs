using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary><c>no_new_privileges</c>: the value of the config or of the bundle, whichever is stricter.</summary>
internal static class PrivilegeRules
{
    public static bool NoNewPrivileges(bool wished, LaunchRequest request, RuntimeTraits runtime, Diagnostics diagnostics)
    {
        if (wished)
        {
            TellOfFileCapabilities(runtime, diagnostics);
            return true;
        }

        if (request.BundleNoNewPrivileges)
        {
            diagnostics.Differs(Keys.NoNewPrivileges, "the bundle's own config.json asks for it, and is not loosened");
            TellOfFileCapabilities(runtime, diagnostics);
            return true;
        }

        if (!runtime.HonoursNoNewPrivileges)
            diagnostics.Inform(Keys.NoNewPrivileges, "off; gvisor does not honour set-user-id bits all the same");
        else
            diagnostics.Warn(Keys.NoNewPrivileges, "off: a set-user-id program or one with file capabilities can gain the privileges of the bounding set");
        return false;
    }

    private static void TellOfFileCapabilities(RuntimeTraits runtime, Diagnostics diagnostics)
    {
        if (runtime.FileCapabilitiesPassNoNewPrivileges)
        {
            diagnostics.Differs(
                Keys.NoNewPrivileges,
                $"{runtime.Name} {runtime.Version} gives the container's first process, and each that comes by exec, the capabilities of its program's file all the same, within " +
                    $"the bounding set; releases from 20250820 on do not");
        }
    }
}
