using System.Text;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>Reads docker's <c>--mount type=bind|volume|tmpfs|image,KEY=VALUE,...</c>.</summary>
internal static class MountText
{
    private const string Volume = "volume";
    private const string Bind = "bind";
    private const string Tmpfs = "tmpfs";
    private const string Image = "image";

    private static readonly string[] Keys =
    [
        "type", "source", "src", "target", "destination", "dst", "readonly", "ro", "rw", "readwrite", "bind-propagation", "bind-nonrecursive", "relabel", "chown", "volume-nocopy",
        "volume-label", "volume-driver", "tmpfs-size", "tmpfs-mode",
    ];

    // As the keys are called once read.
    private static readonly string[] KeysOfImage = ["type", "source", "target", "readonly", "rw", "consistency"];

    /// <summary>The mount that a text asks for.</summary>
    /// <exception cref="ContainerException">The text asks for none, or for what is not to be had.</exception>
    internal static MountRequest Read(string text)
    {
        var request = new MountRequest(Setting.Mount, text);
        if (text.AsSpan().ContainsAny("\0\n"))
            throw request.Bad("is no mount", "write it in one line");
        var fields = new Fields(request);
        foreach (string field in Split(request, text))
            fields.Take(field);
        return fields.Result();
    }

    // As in a CSV file: a field in quotation marks may hold commas, and a doubled mark is one.
    private static IEnumerable<string> Split(MountRequest request, string text)
    {
        var field = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '"' && (quoted || field.Length == 0))
            {
                if (quoted && i + 1 < text.Length && text[i + 1] == '"')
                    field.Append(text[i++]);
                else
                    quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                yield return field.ToString();
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }
        if (quoted)
            throw request.Bad("has a quotation mark without its end", "close it");
        yield return field.ToString();
    }

    /// <summary>The fields that were read so far.</summary>
    private sealed class Fields(MountRequest request)
    {
        private readonly Dictionary<string, string> given = [];
        private readonly Dictionary<string, string> labels = [];
        private readonly List<string> tmpfs = [];
        private MountOptions options = new();

        public void Take(string field)
        {
            int equals = field.IndexOf('=');
            string name = equals < 0 ? field : field[..equals];
            string? value = equals < 0 ? null : field[(equals + 1)..];
            string key = name switch { "src" => "source", "dst" or "destination" => "target", "ro" => "readonly", "readwrite" => "rw", "U" => "chown", _ => name };
            if (key != "volume-label" && !given.TryAdd(key, value ?? ""))
                throw request.Bad($"has '{key}' twice", "leave one of them away");
            switch (key)
            {
                case "type" or "source" or "target" when value is { Length: > 0 }:
                    break;
                case "readonly":
                    Add(IsOn(key, value) ? "ro" : "rw");
                    break;
                case "rw":
                    Add(IsOn(key, value) ? "rw" : "ro");
                    break;
                case "bind-propagation" when value is not null:
                    Add(value);
                    break;
                case "bind-nonrecursive":
                    Add(IsOn(key, value) ? "bind" : "rbind");
                    break;
                case "relabel" when value is "shared" or "private":
                    Add(value == "shared" ? "z" : "Z");
                    break;
                case "chown":
                    if (IsOn(key, value))
                        Add("U");
                    break;
                case "volume-nocopy":
                    Add(IsOn(key, value) ? "nocopy" : "copy");
                    break;
                case "volume-label" when value is { Length: > 0 } label && label[0] != '=':
                    labels[label.Split('=')[0]] = label.Contains('=') ? label[(label.IndexOf('=') + 1)..] : "";
                    break;
                case "volume-driver" when value is "" or "local":
                case "consistency" when value is "default" or "consistent" or "cached" or "delegated":
                    break;
                case "tmpfs-size" when value is { Length: > 0 }:
                    tmpfs.Add($"size={value}");
                    break;
                case "tmpfs-mode" when value is { Length: > 0 }:
                    tmpfs.Add($"mode={value}");
                    break;
                case "z" or "Z" or "exec" or "noexec" or "suid" or "nosuid" or "dev" or "nodev" when value is null:
                    Add(key);
                    break;
                case "volume-opt" or "volume-subpath" or "tmpcopyup" or "bind-recursive" or "idmap":
                    throw request.Bad($"asks for '{key}', which is not to be had", "leave it away");
                case var known when Keys.Contains(known):
                    throw request.Bad($"has no fitting value for '{known}'", $"write {Example(known)}");
                default:
                    throw request.Bad($"has the unknown key '{Printable.Clean(name)}'", Suggestion.DidYouMean(name, Keys) ?? $"use {string.Join(", ", Keys)}");
            }
        }

        public MountRequest Result()
        {
            string type = given.GetValueOrDefault("type", Volume);
            string? source = given.GetValueOrDefault("source");
            if (!given.TryGetValue("target", out string? target) || !target.StartsWith('/'))
                throw request.Bad("has no absolute path as its target", "write target=/PATH");
            if (type is not (Bind or Volume or Tmpfs or Image))
                throw request.Bad($"is of the type '{Printable.Clean(type)}'", "use type=bind, type=volume, type=tmpfs or type=image");
            if (given.Keys.FirstOrDefault(key => key.Contains('-') && key.Split('-')[0] is Bind or Volume or Tmpfs && key.Split('-')[0] != type) is { } foreign)
                throw request.Bad($"is of the type {type}, and '{foreign}' is of another", "leave it away");
            if (labels.Count > 0 && type != Volume)
                throw request.Bad($"is of the type {type}, which has no labels", "leave volume-label away");
            MountRequest read = request with { Destination = CleanPath.Of(target), Options = options, Labels = labels };
            switch (type)
            {
                case Bind:
                    return read with { HostPath = source ?? throw request.Bad("has no source", "write source=/PATH") };
                case Volume:
                    return read with { Volume = source };
                case Image:
                    if (given.Keys.FirstOrDefault(key => !KeysOfImage.Contains(key)) is { } other)
                        throw request.Bad($"is of the type image, which has no '{other}'", "use source, target, rw and readonly");
                    return read with { Image = source ?? throw request.Bad("has no source", "write source=IMAGE") };
                default:
                    return read with { Tmpfs = TmpfsOptions(source) };
            }
        }

        private string TmpfsOptions(string? source)
        {
            if (source is not null)
                throw request.Bad("is a tmpfs with a source", "leave the source away");
            if (options.ChangesOwner || options.Relabel is not null || options.Recursive is not null || options.NoCopy is not null)
                throw request.Bad("is a tmpfs with an option of a volume", "use readonly, tmpfs-size, tmpfs-mode, exec, suid or dev");
            if (options.ReadOnly is { } readOnly)
                tmpfs.Add(readOnly ? "ro" : "rw");
            return string.Join(',', tmpfs.Concat(options.Flags));
        }

        private void Add(string option)
        {
            (MountOptions? next, string? what) = options.With(option);
            options = next ?? throw request.Bad(what!, "leave it away");
        }

        private bool IsOn(string key, string? value) => value?.ToUpperInvariant() switch
        {
            null or "TRUE" or "1" or "YES" => true,
            "FALSE" or "0" or "NO" => false,
            _ => throw request.Bad($"has '{Printable.Clean(value!)}' for '{key}'", "write true or false"),
        };

        private static string Example(string key) => key switch
        {
            "type" => "type=bind, type=volume or type=tmpfs",
            "relabel" => "relabel=shared or relabel=private",
            "volume-driver" => "volume-driver=local: there is no other",
            "volume-label" => "volume-label=KEY=VALUE",
            "tmpfs-size" => "tmpfs-size=64m",
            "tmpfs-mode" => "tmpfs-mode=1777",
            "bind-propagation" => "bind-propagation=rprivate",
            _ => $"{key}=/PATH",
        };
    }
}
