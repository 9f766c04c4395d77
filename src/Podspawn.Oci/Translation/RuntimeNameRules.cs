using Podspawn.Oci.Configuration;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>Checks the form of <c>security.runtime</c>. Whether such a program exists, and whom it belongs to, is checked at the launch.</summary>
internal static class RuntimeNameRules
{
    public static void Check(string name, Diagnostics diagnostics)
    {
        if (name.Length == 0)
            return;
        if (name[0] == '-')
            diagnostics.Refuse(Keys.Runtime, $"'{name}' begins with '-'", "write a name such as runc, or an absolute path");
        else if (HoldsSpaceOrControl(name))
            diagnostics.Refuse(Keys.Runtime, "the name holds white space or a control character", "write a name such as runc, or an absolute path");
        else if (name is "." or ".." || (name[0] != '/' && name.Contains('/')))
            diagnostics.Refuse(Keys.Runtime, $"'{name}' is a relative path", "write a bare name such as runc, or an absolute path");
        else if (name[0] == '/' && ContainerPath.Check(name) is { } problem)
            diagnostics.Refuse(Keys.Runtime, problem.What, problem.Hint);
    }

    private static bool HoldsSpaceOrControl(string name)
    {
        foreach (char c in name)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c))
                return true;
        }

        return false;
    }
}
