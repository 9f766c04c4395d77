namespace Podspawn.Oci.TestSupport;

/// <summary>The results of the scripts: a missing one fails the test that needs it, and names the script.</summary>
internal static class Repository
{
    /// <summary>The directory of the repository.</summary>
    internal static string Root { get; } = FindRoot();

    internal static string Command => Built("artifacts/podspawn-oci/podspawn-oci", "scripts/publish");

    /// <summary>The command in the build that can be ended between any two steps.</summary>
    internal static string FaultCommand => Built("artifacts/podspawn-oci-faults/podspawn-oci", "scripts/publish faults");

    internal static string Busybox => Built("artifacts/bundles/busybox/rootfs", "scripts/build-bundles");

    internal static string Probe => Built("artifacts/bundles/probe/rootfs", "scripts/build-bundles");

    internal static string Debian => Built("artifacts/bundles/debian/rootfs", "scripts/build-bundles");

    internal static string Postgresql => Built("artifacts/bundles/postgresql/rootfs", "scripts/build-bundles");

    internal static string Languages => Built("artifacts/bundles/languages/rootfs", "scripts/build-bundles");

    private static string Built(string relative, string script)
    {
        string path = Path.Combine(Root, relative);
        return Path.Exists(path) ? path : throw new InvalidOperationException($"{relative} is missing: run {script} first");
    }

    private static string FindRoot()
    {
        for (string? directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (File.Exists(Path.Combine(directory, "Podspawn.Oci.sln")))
                return directory;
        }
        throw new InvalidOperationException("the tests run outside of their repository");
    }
}
