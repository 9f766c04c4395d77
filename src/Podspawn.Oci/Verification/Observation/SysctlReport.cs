using Podspawn.Oci.Native;

namespace Podspawn.Oci.Verification.Observation;

/// <summary>The kernel parameters of a process's namespaces: the kernel shows those of whoever reads, so that a thread enters the namespaces first.</summary>
internal static class SysctlReport
{
    private static readonly (string File, int Type)[] Namespaces = [("net", NamespaceCalls.CLONE_NEWNET), ("ipc", NamespaceCalls.CLONE_NEWIPC)];

    /// <summary>The values of parameters, read by our own /proc; those that could not be read are left out.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="names">The parameters, with dots.</param>
    internal static IReadOnlyDictionary<string, string> Of(int pid, IEnumerable<string> names)
    {
        var values = new Dictionary<string, string>();
        string[] wanted = [.. names];
        if (wanted.Length == 0)
            return values;
        // The thread ends in those namespaces.
        var thread = new Thread(() =>
        {
            if (!Namespaces.All(space => NamespaceCalls.Enter(pid, space.File, space.Type)))
                return;
            foreach (string name in wanted)
            {
                if (SmallFile.Read($"/proc/sys/{name.Replace('.', '/')}")?.TrimEnd('\n') is { } value)
                    values[name] = value;
            }
        });
        thread.Start();
        thread.Join();
        return values;
    }
}
