using System.Text.Json;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.Lifecycle.Stats;

/// <summary>Statistics that only gVisor's Sentry knows: the tasks that the host counts are the sandbox's own.</summary>
internal static class SentryStatistics
{
    /// <summary>The number of the container's processes; null where the runtime does not tell.</summary>
    internal static long? Pids(Container container)
    {
        RuntimeAnswer answer = RuntimeInvoker.Call(container.Driver, container.Driver.Statistics(container.Call));
        return answer.Status == 0 ? PidsIn(answer.Output) : null;
    }

    /// <summary>The limit for that number, by the container's config.json; null for none.</summary>
    internal static long? PidsLimit(Container container)
    {
        try
        {
            RuntimeSpec spec = SpecJson.Deserialize(File.ReadAllBytes(container.Paths.Config));
            return spec.Process.Rlimits?.FirstOrDefault(limit => limit.Type == PidsRules.ProcessesLimit) is { } found ? (long)found.Hard : null;
        }
        catch (IOException)
        {
            // The container was removed at this moment.
            return null;
        }
    }

    /// <summary>Parses <c>{"type":"stats","data":{"pids":{"current":2}}}</c>.</summary>
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
