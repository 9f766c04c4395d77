using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Host.Probing;
using Podspawn.Oci.Native;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.State.Cleanup;

/// <summary>Removes a container's cgroup from every hierarchy, with the processes that are still in it.</summary>
internal static class CgroupCleanup
{
    private const string Mount = "/sys/fs/cgroup";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Removes the cgroup; where the runtime has already removed it, this costs a system call for each hierarchy.</summary>
    internal static void Remove(string cgroup)
    {
        if (FileSystemCalls.FileSystemType(Mount) == FileSystemCalls.CGROUP2_SUPER_MAGIC)
        {
            if (cgroup.StartsWith(CgroupPath.SystemdSlice, StringComparison.Ordinal))
                AwaitSystemd(Mount + cgroup);
            RemoveOne(Mount + cgroup);
            return;
        }
        foreach (string hierarchy in CgroupFiles.Roots(version2: false))
        {
            if (FileSystemCalls.FileSystemType(hierarchy) is FileSystemCalls.CGROUP_SUPER_MAGIC or FileSystemCalls.CGROUP2_SUPER_MAGIC)
                RemoveOne(hierarchy + cgroup);
        }
    }

    /// <summary>The cgroups that have a container's name, systemd's scopes included, with the name; a cgroup of several hierarchies is returned once for each.</summary>
    internal static IEnumerable<(string Cgroup, string Name)> OfContainers()
    {
        bool unified = FileSystemCalls.FileSystemType(Mount) == FileSystemCalls.CGROUP2_SUPER_MAGIC;
        IEnumerable<(string, string)> flat = CgroupFiles.Roots(unified).SelectMany(root => In(root, StateLayout.CgroupPrefix, ""))
            .Select(id => (StateLayout.CgroupPrefix + id, id));
        string scope = CgroupPath.OfScope("*");
        int star = scope.IndexOf('*');
        return unified ? flat.Concat(In(Mount, scope[..star], scope[(star + 1)..]).Select(id => (CgroupPath.OfScope(id), id))) : flat;
    }

    // The part of each directory's name between the prefix and the suffix.
    private static IEnumerable<string> In(string root, string prefix, string suffix)
    {
        int slash = prefix.LastIndexOf('/');
        string parent = root + prefix[..slash], name = prefix[(slash + 1)..];
        return Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, $"{name}*{suffix}").Select(path => Path.GetFileName(path)).Select(found => found[name.Length..^suffix.Length])
            : [];
    }

    // systemd removes the cgroup of a scope in which nothing runs. A scope whose cgroup is removed without systemd stays among its units for ever.
    private static void AwaitSystemd(string directory)
    {
        DateTime end = DateTime.UtcNow + Timeout;
        while (Directory.Exists(directory) && DateTime.UtcNow < end)
        {
            Kill(directory);
            Thread.Sleep(2);
        }
    }

    // The process is opened first, and then looked up once more: the number of an ended process may have become that of a process elsewhere.
    private static void Kill(string directory)
    {
        var held = new List<(int Pid, SafeFileHandle Process)>();
        foreach (int pid in CgroupFiles.ProcessesBelow(directory))
        {
            if (ProcessCalls.OpenPidfd(pid) is { } process)
                held.Add((pid, process));
        }
        IReadOnlySet<int> there = held.Count > 0 ? CgroupFiles.ProcessesBelow(directory) : new HashSet<int>();
        foreach ((int pid, SafeFileHandle process) in held)
        {
            using (process)
            {
                if (there.Contains(pid))
                    ProcessCalls.SendSignal(process, SignalNumber.SIGKILL);
            }
        }
    }

    private static void RemoveOne(string directory)
    {
        if (PathCalls.Rmdir(directory) == 0 || Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR)
            return;
        DateTime end = DateTime.UtcNow + Timeout;
        while (DateTime.UtcNow < end)
        {
            Kill(directory);
            foreach (string child in Directory.Exists(directory) ? Directory.GetDirectories(directory) : [])
                RemoveOne(child);
            if (PathCalls.Rmdir(directory) == 0 || Marshal.GetLastPInvokeError() == Errno.ENOENT)
                return;
            // A killed process leaves its cgroup when the kernel gets to it; a v1 hierarchy has no event for that.
            Thread.Sleep(2);
        }
    }
}
