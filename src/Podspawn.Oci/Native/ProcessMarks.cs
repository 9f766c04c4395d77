
namespace Podspawn.Oci.Native;

/// <summary>The variables in the environment of the programs that we start, which name what they work for.</summary>
internal static class ProcessMarks
{
    /// <summary>A container, which itself never sees it.</summary>
    internal const string Container = "PODSPAWN_OCI_CONTAINER";

    /// <summary>A directory of an image store.</summary>
    internal const string Staging = "PODSPAWN_OCI_STAGING";

    /// <summary>Whether a variable is ours, so that it must not be in a container's environment.</summary>
    internal static bool IsOurs(string variable) => variable.Split('=', 2)[0] is Container or Staging;
}
