using System.Text.Json;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.Lifecycle.Stats;

/// <summary>What only gVisor's Sentry knows of a container: the tasks that the host counts are the sandbox's own.</summary>
internal static class SentryStatistics
{
    /// <summary>How many processes the container has; null where the runtime does not tell.</summary>
    internal static long? Pids(Container container)
    {
        RuntimeAnswer answer = RuntimeInvoker.Call(container.Driver, container.Driver.Statistics(container.Call));
        return answer.Status == 0 ? PidsIn(answer.Output) : null;
    }

    /// <summary>How many it may have, by its config.json; null for no limit.</summary>
    internal static long? PidsLimit(Container container)
    {
        try
        {
            RuntimeSpec spec = SpecJson.Deserialize(File.ReadAllBytes(container.Paths.Config));
            return spec.Process.Rlimits?.FirstOrDefault(limit => limit.Type == PidsRules.ProcessesLimit) is { } found ? (long)found.Hard : null;
        }
        catch (IOException)
        {
            // It was removed at this moment.
            return null;
        }
    }

    /// <summary>Reads <c>{"type":"stats","data":{"pids":{"current":2}}}</c>.</summary>
    internal static long? PidsIn(string answer)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(answer);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("data", out JsonElement data) && data.ValueKind == JsonValueKind.Object
                && data.TryGetProperty("pids", out JsonElement pids) && pids.ValueKind == JsonValueKind.Object
                && pids.TryGetProperty("current", out JsonElement current) && current.TryGetInt64(out long number) ? number : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
