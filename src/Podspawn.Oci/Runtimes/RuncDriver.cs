using Podspawn.Oci.Hosting;

namespace Podspawn.Oci.Runtimes;

/// <summary>runc, the reference runtime.</summary>
internal sealed class RuncDriver(string program, RuntimeVersion version) : RuntimeDriver(program, version)
{
    public override RuntimeTraits Traits { get; } = new()
    {
        Name = "runc",
        Version = version.Version,
        Kernel = SystemCallHandler.Host,
        // "cannot use console socket if runc will not detach or allocate tty" (runc 1.1, utils_linux.go).
        ForegroundConsoleSocket = false,
        TmpfsTakesModeOfDirectory = true,
        RecursiveReadonlyMounts = true,
    };
}
