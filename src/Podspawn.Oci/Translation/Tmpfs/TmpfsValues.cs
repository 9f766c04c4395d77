using System.Globalization;

namespace Podspawn.Oci.Translation.Tmpfs;

/// <summary>
/// The values of tmpfs options (tmpfs(5)). Stricter than the kernel where the kernel would surprise: it reads a leading zero as octal, and a
/// size beyond 64 bits wraps around.
/// </summary>
internal static class TmpfsValues
{
    public const string Size = "size";
    public const string Mode = "mode";
    public const string Inodes = "nr_inodes";
    public const string Blocks = "nr_blocks";
    public const string Policy = "mpol";

    private const uint NoId = uint.MaxValue; // (uid_t)-1 is no user

    public static string[] Keys() => [Size, Mode, "uid", "gid", Inodes, Blocks, Policy];

    public static bool IsKey(string name) => name is Size or Mode or "uid" or "gid" or Inodes or Blocks or Policy;

    public static string Example(string key) => key switch
    {
        Size => "64m",
        Mode => "1777",
        Inodes => "10k",
        Blocks => "16k",
        Policy => "local",
        _ => "0",
    };

    /// <summary>What is wrong with the value and a hint to fix it, or null.</summary>
    public static (string What, string Hint)? Check(string key, string value)
    {
        bool good = key switch
        {
            Size => TryParseSize(value, out _, out _),
            Inodes or Blocks => TryParseCount(value, out _),
            Mode => IsMode(value),
            Policy => IsPolicy(value),
            _ => IsDecimal(value) && uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) && id != NoId,
        };
        return good ? null : ($"'{value}' is no valid {key}", Hint(key));
    }

    /// <summary>Bytes, or a share of memory in percent.</summary>
    public static bool TryParseSize(string value, out long number, out bool percent)
    {
        percent = value.EndsWith('%');
        return percent
            ? TryParseDecimal(value.AsSpan(0, value.Length - 1), out number) && number <= 100
            : TryParseCount(value, out number);
    }

    private static bool TryParseCount(ReadOnlySpan<char> value, out long number)
    {
        number = 0;
        if (value.IsEmpty)
            return false;
        int shift = value[^1] switch
        {
            'k' or 'K' => 10,
            'm' or 'M' => 20,
            'g' or 'G' => 30,
            _ => 0,
        };
        if (!TryParseDecimal(shift == 0 ? value : value[..^1], out long units) || units > long.MaxValue >> shift)
            return false;
        number = units << shift;
        return true;
    }

    private static bool TryParseDecimal(ReadOnlySpan<char> value, out long number)
    {
        number = 0;
        return IsDecimal(value) && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Digits only, no leading zero: the kernel would read <c>010</c> as 8.</summary>
    private static bool IsDecimal(ReadOnlySpan<char> value) =>
        !value.IsEmpty && !value.ContainsAnyExceptInRange('0', '9') && (value.Length == 1 || value[0] != '0');

    private static bool IsMode(ReadOnlySpan<char> value) =>
        !value.IsEmpty && !value.ContainsAnyExceptInRange('0', '7') && value.TrimStart('0').Length <= 4;

    /// <summary><c>default</c>, <c>local</c>, <c>interleave</c>, or <c>prefer</c>, <c>bind</c> or <c>interleave</c> with nodes.</summary>
    private static bool IsPolicy(string value)
    {
        int colon = value.IndexOf(':');
        ReadOnlySpan<char> policy = colon < 0 ? value : value.AsSpan(0, colon);
        bool hasNodes = colon >= 0 && IsNodeRange(value.AsSpan(colon + 1));
        int equals = policy.IndexOf('=');
        if (equals >= 0 && policy[(equals + 1)..] is not ("static" or "relative"))
            return false;
        return (equals < 0 ? policy : policy[..equals]) switch
        {
            "default" or "local" => colon < 0 && equals < 0,
            "prefer" or "bind" => hasNodes,
            "interleave" => colon < 0 ? equals < 0 : hasNodes,
            _ => false,
        };
    }

    private static bool IsNodeRange(ReadOnlySpan<char> nodes)
    {
        int dash = nodes.IndexOf('-');
        return dash < 0 ? IsDecimal(nodes) : IsDecimal(nodes[..dash]) && IsDecimal(nodes[(dash + 1)..]);
    }

    private static string Hint(string key) => key switch
    {
        Size => "write bytes, a number with k, m or g, or a percentage of memory up to 100%",
        Inodes or Blocks => "write a number, or one with k, m or g",
        Mode => "write octal permission bits up to 7777, such as 1777",
        Policy => "write default, local, interleave, or prefer, bind or interleave with a node or a range of nodes, such as bind:0-1",
        _ => "write a decimal id below 4294967295, without leading zeros",
    };
}
