using System.Runtime.InteropServices;

namespace Podspawn.Oci.Native;

/// <summary>System V shared memory and the kernel's keyrings (shmget(2), keyrings(7)).</summary>
internal static unsafe partial class IpcCalls
{
    private const int IPC_CREAT = 0x200;
    private const int IPC_EXCL = 0x400;
    private const int IPC_RMID = 0;
    private const int KEY_SPEC_USER_KEYRING = -4;
    private const nint KEYCTL_SETPERM = 5;
    private const nint KEYCTL_UNLINK = 9;
    private const nint KEYCTL_SET_TIMEOUT = 15;
    private const nint AllForOwner = 0x3f3f0000; // the possessor's and the user's rights

    /// <summary>Creates a segment of one page that every user may read; null where it exists or the kernel refuses.</summary>
    internal static int? MakeSegment(int key) =>
        GetSegment(key, (nuint)Environment.SystemPageSize, IPC_CREAT | IPC_EXCL | (int)FileModes.ReadForAll) is >= 0 and var id ? id : null;

    /// <summary>Removes a segment.</summary>
    internal static void RemoveSegment(int id) => _ = ControlSegment(id, IPC_RMID, 0);

    /// <summary>Adds a key that its user may find and read to the user's keyring; null where the kernel refuses.</summary>
    /// <param name="name">Its description.</param>
    /// <param name="seconds">The time after which the kernel removes it by itself.</param>
    internal static int? AddKey(string name, int seconds)
    {
        byte content = (byte)'x';
        nint key;
        fixed (byte* type = "user"u8, description = EntryName.Of(name).Terminated)
            key = SystemCalls.Call(SystemCalls.AddKey, (nint)type, (nint)description, (nint)(&content), 1, KEY_SPEC_USER_KEYRING);
        if (key < 0)
            return null;
        _ = SystemCalls.Call(SystemCalls.Keyctl, KEYCTL_SETPERM, key, AllForOwner);
        _ = SystemCalls.Call(SystemCalls.Keyctl, KEYCTL_SET_TIMEOUT, key, seconds);
        return (int)key;
    }

    /// <summary>Removes a key from the user's keyring.</summary>
    internal static void RemoveKey(int key) => _ = SystemCalls.Call(SystemCalls.Keyctl, KEYCTL_UNLINK, key, KEY_SPEC_USER_KEYRING);

    [LibraryImport("libc", EntryPoint = "shmget", SetLastError = true)]
    private static partial int GetSegment(int key, nuint size, int flags);

    [LibraryImport("libc", EntryPoint = "shmctl", SetLastError = true)]
    private static partial int ControlSegment(int id, int command, nint data);
}
