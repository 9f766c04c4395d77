using Podspawn.Oci.Errors;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Calls of a container's runtime about it.</summary>
internal static class RuntimeCalls
{
    /// <summary>Has the runtime do something.</summary>
    /// <exception cref="ContainerException">It fails, for the reason that it says.</exception>
    internal static void Do(Container container, string verb, IReadOnlyList<string> arguments)
    {
        (int status, _, string error) = Run(container, arguments);
        if (status != 0)
            throw LifecycleErrors.Of($"container '{container.Name}': {container.Definition.Runtime.Name} cannot {verb} it: {Reason(error, status)}");
    }

    /// <summary>Asks the runtime.</summary>
    /// <returns>The exit status, and what it wrote to stdout.</returns>
    internal static (int Status, string Output) Ask(Container container, IReadOnlyList<string> arguments)
    {
        (int status, string output, _) = Run(container, arguments);
        return (status, output);
    }

    /// <summary>The last line of what a runtime wrote, which is the error.</summary>
    internal static string Reason(string error, int status) =>
        error.Split('\n', StringSplitOptions.RemoveEmptyEntries) is [.., string last] ? last.Trim() : $"it ended with status {status} and gave no reason";

    // On a thread with mounts of its own where the runtime needs to be shown other ones than the host's.
    private static (int Status, string Output, string Error) Run(Container container, IReadOnlyList<string> arguments)
    {
        string program = container.Definition.Runtime.Program;
        (int, string, string) answer = default;
        PrivateMounts.AsNeeded(container.Driver.Traits, () => answer = RuntimeProcess.RunBuffered(program, arguments));
        return answer;
    }
}
