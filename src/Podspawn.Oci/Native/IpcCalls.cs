using System.Runtime.InteropServices;

namespace Podspawn.Oci.Native;

/// <summary>System V shared memory and the kernel's keyrings (shmget(2), keyrings(7)).</summary>
internal static unsafe partial class IpcCalls
{
    private const int IPC_CREAT = 0x200;
    private const int IPC_EXCL = 0x400;
    private const int IPC_RMID = 0;
    private const int ReadForAll = 0x124;
    private const int KEY_SPEC_USER_KEYRING = -4;
    private const nint KEYCTL_SETPERM = 5;
    private const nint KEYCTL_UNLINK = 9;
    private const nint KEYCTL_SET_TIMEOUT = 15;
    private const nint AllForOwner = 0x3f3f0000; // the possessor's and the user's rights
    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
    private static readonly nint NumberOfAddKey = IsArm ? 217 : 248;
    private static readonly nint NumberOfKeyctl = IsArm ? 219 : 250;

    /// <summary>Creates a segment of one page that every user may read; null where it exists or the kernel refuses.</summary>
    internal static int? MakeSegment(int key) => GetSegment(key, (nuint)Environment.SystemPageSize, IPC_CREAT | IPC_EXCL | ReadForAll) is >= 0 and var id ? id : null;

    /// <summary>Removes a segment.</summary>
    internal static void RemoveSegment(int id) => _ = ControlSegment(id, IPC_RMID, 0);

    /// <summary>Adds a key that its user may find and read to the user's keyring; null where the kernel refuses.</summary>
    /// <param name="name">Its description.</param>
    /// <param name="seconds">The time after which the kernel removes it by itself.</param>
    internal static int? AddKey(string name, int seconds)
    {
        byte content = (byte)'x';
        nint key = AddKey(NumberOfAddKey, "user", name, &content, 1, KEY_SPEC_USER_KEYRING);
        if (key < 0)
            return null;
        _ = KeyControl(NumberOfKeyctl, KEYCTL_SETPERM, key, AllForOwner);
        _ = KeyControl(NumberOfKeyctl, KEYCTL_SET_TIMEOUT, key, seconds);
        return (int)key;
    }

    /// <summary>Removes a key from the user's keyring.</summary>
    internal static void RemoveKey(int key) => _ = KeyControl(NumberOfKeyctl, KEYCTL_UNLINK, key, KEY_SPEC_USER_KEYRING);

    [LibraryImport("libc", EntryPoint = "shmget", SetLastError = true)]
    private static partial int GetSegment(int key, nuint size, int flags);

    [LibraryImport("libc", EntryPoint = "shmctl", SetLastError = true)]
    private static partial int ControlSegment(int id, int command, nint data);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint AddKey(nint number, string type, string description, byte* payload, nuint length, nint keyring);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint KeyControl(nint number, nint operation, nint key, nint argument);
}
