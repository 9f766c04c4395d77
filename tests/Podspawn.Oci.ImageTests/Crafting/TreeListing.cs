using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Podspawn.Oci.ImageTests.Crafting;

/// <summary>
/// A tree as text, one line a file: path, type, mode, owner, size, time, content, extended attributes, targets of links, hard links, device numbers.
/// Two trees with the same listing are the same to every user of them.
/// </summary>
internal sealed class TreeListing
{
    private const int TypeMask = 0xF000, Directory = 0x4000, Regular = 0x8000, SymbolicLink = 0xA000, BlockDevice = 0x6000, CharacterDevice = 0x2000;

    private readonly SortedDictionary<string, string> lines = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, string> linked = [];
    private readonly bool watched;
    private readonly long began;

    private TreeListing(bool watched, DateTime? began)
    {
        this.watched = watched;
        this.began = began is { } time ? new DateTimeOffset(time).ToUnixTimeSeconds() : long.MaxValue;
    }

    /// <summary>The paths; "." is the root.</summary>
    internal IReadOnlyCollection<string> Paths => lines.Keys;

    /// <summary>The line of a path, without the path.</summary>
    internal string this[string path] =>
        lines.TryGetValue(path, out string? line) ? line : throw new KeyNotFoundException($"there is no {path}; there are {string.Join(' ', lines.Keys.Take(50))}");

    /// <summary>Lists a tree.</summary>
    /// <param name="root">Its root.</param>
    /// <param name="watched">Whether to include inodes, link counts and change times: then any write shows, also one that was undone.</param>
    /// <param name="began">Times from this one on are shown as "now"; null for none.</param>
    internal static TreeListing Of(string root, bool watched = false, DateTime? began = null)
    {
        var listing = new TreeListing(watched, began);
        listing.Add(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(root)), ".");
        return listing;
    }

    /// <summary>The differences, one a line: <c>-</c> for this one's, <c>+</c> for the other's.</summary>
    internal IReadOnlyList<string> DifferencesTo(TreeListing other)
    {
        var found = new List<string>();
        foreach (string path in lines.Keys.Union(other.lines.Keys).Order(StringComparer.Ordinal))
        {
            string? mine = lines.GetValueOrDefault(path), theirs = other.lines.GetValueOrDefault(path);
            if (mine == theirs)
                continue;
            if (mine is not null)
                found.Add($"- {Printable(path)} {mine}");
            if (theirs is not null)
                found.Add($"+ {Printable(path)} {theirs}");
        }
        return found;
    }

    /// <summary>Fails with the differences.</summary>
    internal void AssertSame(TreeListing other)
    {
        IReadOnlyList<string> differences = DifferencesTo(other);
        Assert.True(differences.Count == 0, string.Join('\n', differences.Take(40)));
    }

    private void Add(string path, string name)
    {
        TreeCalls.Facts facts = TreeCalls.FactsOf(path);
        int type = facts.Mode & TypeMask;
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{TypeName(type)} {Convert.ToString(facts.Mode & 0xFFF, 8).PadLeft(4, '0')} {facts.Uid}:{facts.Gid}");
        bool now = facts.ModifySeconds >= began && facts.ModifySeconds <= DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        line.Append(now ? " time=now" : string.Create(CultureInfo.InvariantCulture, $" time={facts.ModifySeconds}.{facts.ModifyNanoseconds:D9}"));
        if (type == Regular)
            line.Append(CultureInfo.InvariantCulture, $" size={facts.Size} sha256={HashOf(path, facts.Size)}");
        if (type == SymbolicLink)
            line.Append(CultureInfo.InvariantCulture, $" -> {Printable(TreeCalls.TargetOf(path))}");
        if (type is BlockDevice or CharacterDevice)
            line.Append(CultureInfo.InvariantCulture, $" device={facts.DeviceMajor}:{facts.DeviceMinor}");
        if (type != Directory && facts.Links > 1)
        {
            // The first name of the file in the listing stands for all of them.
            if (!linked.TryAdd(facts.Inode, name))
                line.Append(CultureInfo.InvariantCulture, $" same-as={Printable(linked[facts.Inode])}");
        }
        foreach ((string attribute, byte[] value) in TreeCalls.AttributesOf(path))
            line.Append(CultureInfo.InvariantCulture, $" {attribute}={Convert.ToHexStringLower(value)}");
        if (watched)
            line.Append(CultureInfo.InvariantCulture, $" inode={facts.Inode} links={facts.Links} change={facts.ChangeSeconds}.{facts.ChangeNanoseconds:D9}");
        lines[name] = line.ToString();
        if (type != Directory)
            return;
        foreach (string child in TreeCalls.NamesIn(path))
            Add($"{path}/{child}", name == "." ? child : $"{name}/{child}");
    }

    private static string TypeName(int type) => type switch
    {
        Directory => "directory",
        Regular => "file",
        SymbolicLink => "link",
        BlockDevice => "block",
        CharacterDevice => "character",
        0x1000 => "fifo",
        _ => "socket",
    };

    private static string HashOf(string path, ulong size)
    {
        if (size == 0)
            return "-";
        using Stream file = TreeCalls.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) || c == '\\' ? $"\\{(int)c:x2}" : c.ToString()));
}
