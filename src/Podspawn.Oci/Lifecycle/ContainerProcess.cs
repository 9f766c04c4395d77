using System.Text.Json;
using Podspawn.Oci.Host;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.Lifecycle;

/// <summary>
/// The <c>process</c> of a container's config.json: the hardening that every additional process gets as well. It is read without the rest of the
/// file, and passed on unchanged, so that nothing is lost.
/// </summary>
internal sealed class ContainerProcess
{
    private ContainerProcess(JsonElement json) => Json = json;

    internal JsonElement Json { get; }

    internal IEnumerable<string> Environment =>
        Json.TryGetProperty("env", out JsonElement list) ? list.EnumerateArray().Select(entry => entry.GetString() ?? "") : [];

    internal string WorkingDirectory => Json.GetProperty("cwd").GetString() ?? "/";

    /// <summary>The file mode creation mask; null for the usual one.</summary>
    internal uint? Umask => Json.GetProperty("user").TryGetProperty("umask", out JsonElement mask) ? mask.GetUInt32() : null;

    /// <summary>The limit of open files (RLIMIT_NOFILE); null where it has none of its own.</summary>
    internal (ulong Soft, ulong Hard)? OpenFiles => Json.TryGetProperty("rlimits", out JsonElement limits)
        ? limits.EnumerateArray().Where(limit => limit.GetProperty("type").ValueEquals("RLIMIT_NOFILE"))
            .Select(limit => ((ulong, ulong)?)(limit.GetProperty("soft").GetUInt64(), limit.GetProperty("hard").GetUInt64())).FirstOrDefault()
        : null;

    internal uint Uid => Json.GetProperty("user").GetProperty("uid").GetUInt32();

    /// <summary>
    /// Whether it can look into a process that its runtime prepares, which has the host's /dev/null open for a moment: CAP_SYS_PTRACE gives it access
    /// to every process of its namespace (ptrace(2)).
    /// </summary>
    internal bool SeesRuntimeOf(RuntimeTraits runtime) => runtime.Kernel == SystemCallHandler.Host && MayHold("CAP_SYS_PTRACE");

    /// <summary>The privileges that a runtime must be told about by a flag.</summary>
    internal RuntimeGrants Grants => new(MayHold("CAP_NET_RAW"), !(Json.TryGetProperty("noNewPrivileges", out JsonElement on) && on.ValueKind == JsonValueKind.True));

    private bool MayHold(string capability) => Json.TryGetProperty("capabilities", out JsonElement sets) && sets.TryGetProperty("bounding", out JsonElement bounding)
        && bounding.EnumerateArray().Any(name => name.ValueEquals(capability));

    /// <summary>Parses the <c>process</c> of a config.json.</summary>
    /// <exception cref="JsonException">The text is not a config.json.</exception>
    internal static ContainerProcess Read(ReadOnlySpan<byte> config)
    {
        var reader = new Utf8JsonReader(config);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool found = reader.ValueTextEquals("process"u8);
            reader.Read();
            if (found)
                return new ContainerProcess(JsonElement.ParseValue(ref reader));
            reader.Skip();
        }
        throw new JsonException("config.json has no process");
    }
}
