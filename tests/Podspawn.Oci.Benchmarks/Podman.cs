namespace Podspawn.Oci.Benchmarks;

/// <summary>Runs podman with the same hardening as podspawn-oci's defaults.</summary>
internal static class Podman
{
    /// <summary>The arguments of a foreground run, up to the command.</summary>
    internal static string[] Run(string runtime, string rootfs, params string[] flags) =>
    [
        "--runtime", runtime, .. runtime == "runsc" ? (string[])["--runtime-flag=network=none"] : [], "--cgroup-manager=cgroupfs", "run", "--rm", .. flags, "--network=none",
        "--cap-drop=all", "--cap-add=CHOWN,SETUID,SETGID,DAC_OVERRIDE,FOWNER,NET_BIND_SERVICE", "--security-opt=no-new-privileges",
        "--pids-limit=256", "--memory=2g", "--cpus=2", "--ulimit=host", "--rootfs", rootfs,
    ];
}
