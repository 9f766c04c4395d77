using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Images.Store;

/// <summary>Docker's and podman's <c>KEY=VALUE</c> for images: values of one key are alternatives, and every key must match; each label must match by itself.</summary>
public sealed class ImageFilter
{
    private static readonly string[] Keys = ["before", "dangling", "id", "label", "reference", "since", "until"];

    private readonly ILookup<string, Func<StoredImage, bool>> tests;

    private ImageFilter(ILookup<string, Func<StoredImage, bool>> tests) => this.tests = tests;

    /// <summary>Parses filters.</summary>
    /// <param name="texts">The filters, each <c>KEY=VALUE</c>.</param>
    /// <param name="store">Finds the images that <c>before</c> and <c>since</c> name, and their labels.</param>
    /// <exception cref="ImageException">A text is not a filter, or names an image that is not there.</exception>
    public static ImageFilter Parse(IEnumerable<string> texts, ImageStore store) =>
        new(texts.Select(text => Read(text, store)).ToLookup(test => test.Key, test => test.Fits));

    /// <summary>Whether an image matches.</summary>
    public bool Fits(StoredImage image) => tests.All(key => key.Any(fits => fits(image)));

    private static (string Key, Func<StoredImage, bool> Fits) Read(string text, ImageStore store)
    {
        int cut = text.IndexOf('=');
        string key = cut < 0 ? text : text[..cut], value = cut < 0 ? "" : text[(cut + 1)..];
        if (cut < 0 || value.Length == 0)
            throw new ImageException($"{Setting.Filter}: '{Printable.Clean(text)}' is no filter; write KEY=VALUE with a key of {string.Join(", ", Keys)}");
        return (key == "label" ? $"label {value}" : key, Test(key, value, store));
    }

    private static Func<StoredImage, bool> Test(string key, string value, ImageStore store)
    {
        switch (key)
        {
            case "dangling":
                bool nameless = Boolean(value);
                return image => image.Names.Count == 0 == nameless;
            case "reference":
                return image => image.Names.Any(name => ReferencePattern.Fits(name, value));
            case "label":
                return image => HasLabel(store, image.Record, value);
            case "id":
                string digits = value.StartsWith("sha256:", StringComparison.Ordinal) ? value["sha256:".Length..] : value;
                return image => Digest.Hex(image.Record.Config).StartsWith(digits, StringComparison.Ordinal)
                    || Digest.Hex(image.Record.Digest).StartsWith(digits, StringComparison.Ordinal);
            case "before":
                DateTimeOffset latest = CreatedOf(store, value);
                return image => image.Record.MadeAt < latest;
            case "since" or "after":
                DateTimeOffset earliest = CreatedOf(store, value);
                return image => image.Record.MadeAt > earliest;
            case "until":
                DateTimeOffset end = TimeText.Parse(value, $"{Setting.Filter} until");
                return image => image.Record.MadeAt < end;
            default:
                string hint = Suggestion.DidYouMean(key, Keys) ?? $"use one of {string.Join(", ", Keys)}";
                throw new ImageException($"{Setting.Filter}: '{Printable.Clean(key)}' is not known; {hint}");
        }
    }

    private static bool Boolean(string value) => value.ToLowerInvariant() switch
    {
        "true" or "1" or "yes" => true,
        "false" or "0" or "no" => false,
        _ => throw new ImageException($"{Setting.Filter}: dangling={Printable.Clean(value)}: is neither; write dangling=true or dangling=false"),
    };

    private static DateTimeOffset CreatedOf(ImageStore store, string image) => store.Require(ImageSource.Parse(image)).MadeAt;

    private static bool HasLabel(ImageStore store, ImageRecord record, string wanted)
    {
        IReadOnlyDictionary<string, string?> labels = store.LabelsOf(record);
        int cut = wanted.IndexOf('=');
        return cut < 0 ? labels.ContainsKey(wanted) : labels.TryGetValue(wanted[..cut], out string? value) && (value ?? "") == wanted[(cut + 1)..];
    }
}
