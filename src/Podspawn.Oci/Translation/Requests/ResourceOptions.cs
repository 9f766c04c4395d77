using System.Globalization;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Translation.Requests;

/// <summary>What a launch or an update asks of the kernel beside its config, as typed: docker's and podman's flags of these names.</summary>
public sealed record ResourceOptions
{
    /// <summary>Memory and swap together; <c>-1</c> for unlimited swap.</summary>
    public string? MemorySwap { get; init; }

    /// <summary>The memory that the kernel tries to leave to it.</summary>
    public string? MemoryReservation { get; init; }

    /// <inheritdoc cref="ResourceRequest.CpuShares"/>
    public long? CpuShares { get; init; }

    /// <inheritdoc cref="ResourceRequest.CpuPeriod"/>
    public long? CpuPeriod { get; init; }

    /// <inheritdoc cref="ResourceRequest.CpusetCpus"/>
    public string? CpusetCpus { get; init; }

    /// <inheritdoc cref="ResourceRequest.CpusetMems"/>
    public string? CpusetMems { get; init; }

    /// <inheritdoc cref="ResourceRequest.BlkioWeight"/>
    public long? BlkioWeight { get; init; }

    /// <inheritdoc cref="ResourceRequest.OomScoreAdj"/>
    public long? OomScoreAdj { get; init; }

    /// <summary>The size of /dev/shm.</summary>
    public string? ShmSize { get; init; }

    /// <summary><c>NAME=SOFT[:HARD]</c>, in order.</summary>
    public IReadOnlyList<string> Ulimits { get; init; } = [];

    /// <summary><c>KEY=VALUE</c>, in order.</summary>
    public IReadOnlyList<string> Sysctls { get; init; } = [];

    /// <summary>An octal number.</summary>
    public string? Umask { get; init; }

    /// <summary><c>KEY=VALUE</c>, in order.</summary>
    public IReadOnlyList<string> Annotations { get; init; } = [];

    /// <summary>Reads the texts; the translator judges the values. As with docker, 0 stands for what is not asked, except where it is a value.</summary>
    /// <exception cref="ConfigException">Texts cannot be read; the exception contains all of them.</exception>
    public ResourceRequest Read()
    {
        var problems = new List<Problem>();
        var request = new ResourceRequest
        {
            MemorySwap = MemorySwap?.Trim() == "-1" ? -1 : Size(MemorySwap, Setting.MemorySwap, problems),
            MemoryReservation = Size(MemoryReservation, Setting.MemoryReservation, problems),
            CpuShares = Given(CpuShares),
            CpuPeriod = Given(CpuPeriod),
            CpusetCpus = CpusetCpus is { Length: > 0 } cpus ? cpus : null,
            CpusetMems = CpusetMems is { Length: > 0 } mems ? mems : null,
            BlkioWeight = Given(BlkioWeight),
            OomScoreAdj = OomScoreAdj,
            // A size of 0 would be an unlimited one to the kernel: the rule refuses it.
            ShmSize = ShmSize is { } text ? Size(text, Setting.ShmSize, problems) ?? 0 : null,
            Ulimits = UlimitsOf(problems),
            Sysctls = Pairs(Sysctls, Setting.Sysctl, problems),
            Umask = UmaskOf(problems),
            Annotations = Pairs(Annotations, Setting.Annotation, problems),
        };
        return problems.Count > 0 ? throw new ConfigException(problems) : request.IsEmpty ? ResourceRequest.None : request;
    }

    private static long? Given(long? number) => number == 0 ? null : number;

    private static long? Size(string? text, Setting setting, List<Problem> problems)
    {
        if (text is null)
            return null;
        if (ByteSize.TryParse(text, out long bytes))
            return Given(bytes);
        problems.Add(Bad(setting, $"{Printable.Quote(text)} is not a size", "write bytes, or a number with k, m or g, such as 512m"));
        return null;
    }

    private List<UlimitRequest> UlimitsOf(List<Problem> problems)
    {
        var limits = new List<UlimitRequest>();
        foreach (string text in Ulimits)
        {
            string[] sides = text.Split('=');
            string[] values = sides.Length == 2 ? sides[1].Split(':') : [];
            if (values.Length is 1 or 2 && Limit(values[0]) is { } soft && Limit(values[^1]) is { } hard)
                limits.Add(new UlimitRequest(sides[0], soft, hard));
            else
                problems.Add(Bad(Setting.Ulimit, $"{Printable.Quote(text)} is no limit", "write NAME=SOFT or NAME=SOFT:HARD, such as nofile=1024:2048; -1 for unlimited"));
        }
        return limits;
    }

    private static ulong? Limit(string text) => text is "-1" or "unlimited" ? ulong.MaxValue
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number : null;

    private uint? UmaskOf(List<Problem> problems)
    {
        if (Umask is not { } text)
            return null;
        if (text.Length is > 0 and <= 4 && text.All(c => c is >= '0' and <= '7'))
            return Convert.ToUInt32(text, 8);
        problems.Add(Bad(Setting.Umask, $"{Printable.Quote(text)} is no mask", "write an octal number such as 0022"));
        return null;
    }

    private static Dictionary<string, string> Pairs(IReadOnlyList<string> texts, Setting setting, List<Problem> problems)
    {
        var pairs = new Dictionary<string, string>();
        foreach (string text in texts)
        {
            int cut = text.IndexOf('=');
            if (cut > 0)
                pairs[text[..cut]] = text[(cut + 1)..];
            else
                problems.Add(Bad(setting, $"{Printable.Quote(text)} has no key and value", "write KEY=VALUE"));
        }
        return pairs;
    }

    private static Problem Bad(Setting setting, string what, string hint) => new("", what, hint, Origin.FromFlag(setting));
}
