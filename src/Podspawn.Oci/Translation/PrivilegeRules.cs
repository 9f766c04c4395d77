using Podspawn.Oci.Hosting;

namespace Podspawn.Oci.Translation;

/// <summary><c>no_new_privileges</c>: the config's wish or the bundle's, whichever is the stricter.</summary>
internal static class PrivilegeRules
{
    public static bool NoNewPrivileges(bool wished, LaunchRequest request, RuntimeTraits runtime, Findings findings)
    {
        if (wished)
            return true;
        if (request.BundleNoNewPrivileges)
        {
            findings.Differs(Keys.NoNewPrivileges, "the bundle's own config.json asks for it, and is not loosened");
            return true;
        }

        if (runtime.Kernel == SystemCallHandler.Sentry)
            findings.Inform(Keys.NoNewPrivileges, "off; gvisor does not honour set-user-id bits all the same");
        else
            findings.Warn(Keys.NoNewPrivileges, "off: a set-user-id program or one with file capabilities can gain the privileges of the bounding set");
        return false;
    }
}
