using Podspawn.Oci.Hosting;
using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Translation;

/// <summary>Docker's resource limits, never above our own hard limits: raising those is EPERM without CAP_SYS_RESOURCE (setrlimit(2)).</summary>
internal static class RlimitRules
{
    private const ulong OpenFiles = 1048576;

    public static IReadOnlyList<Rlimit> Build(Rlimit? processes, HostFacts host)
    {
        ulong files = Math.Min(OpenFiles, host.OpenFilesHardLimit);
        Rlimit openFiles = new("RLIMIT_NOFILE", files, files);
        return processes is null ? [openFiles] : [openFiles, processes];
    }
}
