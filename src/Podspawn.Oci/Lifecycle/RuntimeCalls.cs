using Podspawn.Oci.Errors;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Calls a container's runtime about it.</summary>
internal static class RuntimeCalls
{
    /// <summary>Makes the runtime do something.</summary>
    /// <exception cref="ContainerException">The runtime failed; the message contains its reason.</exception>
    internal static void Do(Container container, string verb, IReadOnlyList<string> arguments)
    {
        RuntimeDriver driver = container.Driver;
        RuntimeAnswer answer = RuntimeInvoker.Call(driver, arguments);
        if (answer.Status != 0)
            throw LifecycleErrors.Of($"container '{container.Name}': {driver.Version.Name} cannot {verb} it: {answer.Reason}");
    }
}
