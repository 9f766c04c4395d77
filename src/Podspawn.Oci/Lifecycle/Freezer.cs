using System.Text.Json;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Freezes a container's processes, and thaws them.</summary>
internal static class Freezer
{
    /// <summary>Whether the runtime reports the processes as frozen.</summary>
    internal static bool IsFrozen(Container container)
    {
        RuntimeAnswer said = RuntimeInvoker.Call(container.Driver, container.Driver.State(container.Call));
        if (said.Status != 0)
            return false;
        try
        {
            using JsonDocument answer = JsonDocument.Parse(said.Output);
            return answer.RootElement.TryGetProperty("status", out JsonElement word) && word.GetString() == "paused";
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Thaws the processes, whatever the recorded state is, so that a signal reaches them.</summary>
    internal static void Thaw(Container container) => _ = RuntimeInvoker.Call(container.Driver, container.Driver.Resume(container.Call));
}
