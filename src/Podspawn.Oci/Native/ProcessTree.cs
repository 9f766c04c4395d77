using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Ends children of ours together with all that they have started, which cannot leave the tree by a name or an environment of its choice.</summary>
internal static class ProcessTree
{
    private const int SIGKILL = 9;
    private const int SIGSTOP = 19;
    private const int PatienceMilliseconds = 5000;

    /// <summary>Ends them, and waits for their ends.</summary>
    /// <param name="chosen">Which of our direct children to begin with.</param>
    /// <returns>False where there is none.</returns>
    internal static bool EndChildren(Func<int, bool> chosen)
    {
        var held = new Dictionary<int, SafeFileHandle>();
        var children = new HashSet<int>();
        int self = Environment.ProcessId;
        // Stopped before they are ended: what is stopped starts no more, so that a look which finds nothing new has seen all.
        for (bool more = true; more;)
        {
            more = false;
            foreach ((int pid, int parent) in Members(chosen))
            {
                if (held.ContainsKey(pid) || ProcessCalls.OpenPidfd(pid) is not { } process)
                    continue;
                // Looked at again now that it is held: its number may have become another's.
                if (ProcessStat.Read(pid)?.Parent != parent)
                {
                    process.Dispose();
                    continue;
                }
                ProcessCalls.SendSignal(process, SIGSTOP);
                held[pid] = process;
                if (parent == self)
                    children.Add(pid);
                more = true;
            }
        }
        // Our own children last: whoever waits for one of them goes on, or ends this process, at its end, and nothing below it may be left by then.
        End(held.Where(member => !children.Contains(member.Key)).Select(member => member.Value));
        End(held.Where(member => children.Contains(member.Key)).Select(member => member.Value));
        return held.Count > 0;
    }

    private static void End(IEnumerable<SafeFileHandle> processes)
    {
        SafeFileHandle[] ended = [.. processes];
        foreach (SafeFileHandle process in ended)
            ProcessCalls.SendSignal(process, SIGKILL);
        foreach (SafeFileHandle process in ended)
        {
            using (process)
                ProcessCalls.AwaitEnd(process, PatienceMilliseconds);
        }
    }

    private static List<(int Pid, int Parent)> Members(Func<int, bool> chosen)
    {
        var children = new Dictionary<int, List<int>>();
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) || ProcessStat.Read(pid) is not { IsDead: false } stat)
                continue;
            if (!children.TryGetValue(stat.Parent, out List<int>? list))
                children[stat.Parent] = list = [];
            list.Add(pid);
        }
        int self = Environment.ProcessId;
        List<(int Pid, int Parent)> members = [.. children.GetValueOrDefault(self, []).Where(chosen).Select(pid => (pid, self))];
        for (int i = 0; i < members.Count; i++)
        {
            int parent = members[i].Pid;
            members.AddRange(children.GetValueOrDefault(parent, []).Select(pid => (pid, parent)));
        }
        return members;
    }
}
