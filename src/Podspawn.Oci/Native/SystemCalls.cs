using System.Runtime.InteropServices;

namespace Podspawn.Oci.Native;

/// <summary>System calls that the C library of an older distribution has no function for, by their numbers (syscall(2)).</summary>
internal static unsafe partial class SystemCalls
{
    // Those since Linux 5.0 have one number on every architecture.
    internal const nint PidfdSendSignal = 424;
    internal const nint OpenTree = 428;
    internal const nint MoveMount = 429;
    internal const nint Fsopen = 430;
    internal const nint Fsconfig = 431;
    internal const nint Fsmount = 432;
    internal const nint PidfdOpen = 434;
    internal const nint CloseRange = 436;
    internal const nint Openat2 = 437;
    internal const nint MountSetattr = 442;
    internal const nint FileGetattr = 468;
    internal const nint FileSetattr = 469;

    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
    internal static readonly nint Getdents64 = IsArm ? 61 : 217;
    internal static readonly nint IoprioSet = IsArm ? 30 : 251;
    internal static readonly nint IoprioGet = IsArm ? 31 : 252;
    internal static readonly nint Kcmp = IsArm ? 272 : 312;
    internal static readonly nint AddKey = IsArm ? 217 : 248;
    internal static readonly nint Keyctl = IsArm ? 219 : 250;
    internal static readonly nint Sigprocmask = IsArm ? 135 : 14;

    /// <summary>Makes a system call (syscall(2)); returns less than 0 and sets the error number where it fails. Arguments that the call does not have are ignored.</summary>
    internal static nint Call(nint number, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0) => Raw(number, a, b, c, d, e);

    /// <summary>As the other, with a descriptor that is held meanwhile for the first argument.</summary>
    internal static nint Call(nint number, SafeHandle file, nint b = 0, nint c = 0, nint d = 0, nint e = 0)
    {
        using var held = new HeldDescriptor(file);
        return Raw(number, held.Number, b, c, d, e);
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Raw(nint number, nint a, nint b, nint c, nint d, nint e);
}
