using Podspawn.Oci.Native;

namespace Podspawn.Oci.Launching.Invocation;

/// <summary>A runtime that does not end by itself, and that we no longer wait for.</summary>
internal static class HangingRuntime
{
    // execve(2) takes no more than 6 MiB of arguments and environment.
    private const int LargestEnvironment = 6 << 20;

    /// <summary>Ends the runtimes that this process has started with that environment, and everything they have started; false where there is none.</summary>
    internal static bool End(IReadOnlyDictionary<string, string?> environment)
    {
        string[] words = [.. environment.Where(variable => variable.Value is not null).Select(variable => $"{variable.Key}={variable.Value}")];
        // The environment only tells which of our own children it is: other launches of this process go on.
        return ProcessTree.EndChildren(pid =>
            SmallFile.Read($"/proc/{pid}/environ", LargestEnvironment)?.Split('\0') is { } found && words.All(word => Array.IndexOf(found, word) >= 0));
    }
}
