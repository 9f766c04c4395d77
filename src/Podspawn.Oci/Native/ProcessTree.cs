using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Ends children of ours together with everything they have started; these cannot leave the tree by choosing a name or an environment.</summary>
internal static class ProcessTree
{
    private const int PatienceMilliseconds = 5000;

    /// <summary>Ends the processes, and waits for their ends.</summary>
    /// <param name="chosen">Chooses among our direct children.</param>
    /// <returns>False where there is none.</returns>
    internal static bool EndChildren(Func<int, bool> chosen)
    {
        var held = new Dictionary<int, (SafeFileHandle Process, bool IsChild)>();
        int self = Environment.ProcessId;
        // The processes are stopped before they are ended: a stopped process starts no more, so that a pass which finds nothing new has found all.
        for (bool more = true; more;)
        {
            more = false;
            foreach ((int pid, int parent) in Members(chosen))
            {
                if (held.ContainsKey(pid) || ProcessCalls.OpenPidfd(pid) is not { } process)
                    continue;
                // Checked again now that the process is open: its number may have become another's.
                if (ProcessStat.Read(pid)?.Parent != parent)
                {
                    process.Dispose();
                    continue;
                }
                ProcessCalls.SendSignal(process, SignalNumber.SIGSTOP);
                held[pid] = (process, parent == self);
                more = true;
            }
        }
        // Our own children end last: whoever waits for one of them goes on, or ends this process, when it ends, and nothing it has started may be left by then.
        End(held.Values.Where(member => !member.IsChild).Select(member => member.Process));
        End(held.Values.Where(member => member.IsChild).Select(member => member.Process));
        return held.Count > 0;
    }

    private static void End(IEnumerable<SafeFileHandle> processes)
    {
        SafeFileHandle[] ended = [.. processes];
        foreach (SafeFileHandle process in ended)
            ProcessCalls.SendSignal(process, SignalNumber.SIGKILL);
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
