using System.Text.Json;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.State.Records;

/// <summary>The fields of a <see cref="ResourceRequest"/>; what was not asked for has none.</summary>
internal static class ResourceFields
{
    internal static ResourceRequest Read(JsonElement record) => new()
    {
        MemorySwap = record.NumberOrNull("memorySwap"u8),
        MemoryReservation = record.NumberOrNull("memoryReservation"u8),
        CpuShares = record.NumberOrNull("cpuShares"u8),
        CpuPeriod = record.NumberOrNull("cpuPeriod"u8),
        CpusetCpus = record.TextOrNull("cpusetCpus"u8),
        CpusetMems = record.TextOrNull("cpusetMems"u8),
        BlkioWeight = record.NumberOrNull("blkioWeight"u8),
        OomScoreAdj = record.NumberOrNull("oomScoreAdj"u8),
        ShmSize = record.NumberOrNull("shmSize"u8),
        Ulimits = record.Objects("ulimits"u8, ReadUlimit),
        Sysctls = record.Pairs("sysctls"u8),
        Umask = (uint?)record.NumberOrNull("umask"u8),
        Annotations = record.Pairs("annotations"u8),
    };

    internal static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, ResourceRequest resources)
    {
        if (resources.IsEmpty)
            return;
        json.WriteStartObject(name);
        json.WriteNumberOrNothing("memorySwap"u8, resources.MemorySwap);
        json.WriteNumberOrNothing("memoryReservation"u8, resources.MemoryReservation);
        json.WriteNumberOrNothing("cpuShares"u8, resources.CpuShares);
        json.WriteNumberOrNothing("cpuPeriod"u8, resources.CpuPeriod);
        json.WriteTextOrNothing("cpusetCpus"u8, resources.CpusetCpus);
        json.WriteTextOrNothing("cpusetMems"u8, resources.CpusetMems);
        json.WriteNumberOrNothing("blkioWeight"u8, resources.BlkioWeight);
        json.WriteNumberOrNothing("oomScoreAdj"u8, resources.OomScoreAdj);
        json.WriteNumberOrNothing("shmSize"u8, resources.ShmSize);
        json.WriteObjects("ulimits"u8, resources.Ulimits, WriteUlimit);
        json.WritePairs("sysctls"u8, resources.Sysctls);
        json.WriteNumberOrNothing("umask"u8, resources.Umask);
        json.WritePairs("annotations"u8, resources.Annotations);
        json.WriteEndObject();
    }

    private static void WriteUlimit(Utf8JsonWriter json, UlimitRequest limit)
    {
        json.WriteString("name"u8, limit.Name);
        json.WriteNumber("soft"u8, limit.Soft);
        json.WriteNumber("hard"u8, limit.Hard);
    }

    private static UlimitRequest ReadUlimit(JsonElement limit) =>
        new(limit.Text("name"u8), limit.Needed("soft"u8).GetUInt64(), limit.Needed("hard"u8).GetUInt64());
}
