using Podspawn.Oci.Errors;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;
using Podspawn.Oci.Volumes;

namespace Podspawn.Oci.Lifecycle.Volumes;

/// <summary>Docker's <c>--filter KEY=VALUE</c> for volumes: values of one key are alternatives, and every key must match.</summary>
public sealed class VolumeFilter
{
    private static readonly string[] Keys = ["dangling", "driver", "label", "label!", "name", "since", "until"];

    private readonly ILookup<string, Func<Volume, bool>> tests;

    private VolumeFilter(ILookup<string, Func<Volume, bool>> tests) => this.tests = tests;

    /// <summary>Parses filters.</summary>
    /// <param name="texts">The filters, each <c>KEY=VALUE</c>.</param>
    /// <param name="volumes">Tells who uses a volume, and finds the one that <c>since</c> names.</param>
    /// <exception cref="ContainerException">A text is not a filter.</exception>
    public static VolumeFilter Parse(IEnumerable<string> texts, VolumeStore volumes) =>
        new(texts.Select(text => Read(text, volumes)).ToLookup(test => test.Key, test => test.Fits));

    /// <summary>Whether a volume matches.</summary>
    public bool Fits(Volume volume) => tests.All(key => key.Any(fits => fits(volume)));

    private static (string Key, Func<Volume, bool> Fits) Read(string text, VolumeStore volumes)
    {
        int cut = text.IndexOf('=');
        string key = cut < 0 ? text : text[..cut], value = cut < 0 ? "" : text[(cut + 1)..];
        if (cut < 0 || value.Length == 0)
            throw new ContainerException($"{Setting.Filter}: '{Printable.Clean(text)}' is no filter; write KEY=VALUE with a key of {string.Join(", ", Keys)}");
        return key switch
        {
            // A label may itself be KEY=VALUE: each label must match by itself, as in docker.
            "label" => ($"label {value}", volume => LabelText.Fits(volume.Labels, value)),
            "label!" => ($"label! {value}", volume => !LabelText.Fits(volume.Labels, value)),
            "name" when NamePattern.Parse(value) is var pattern => (key, volume => pattern.Fits(volume.Name)),
            "driver" => (key, _ => value == "local"),
            "dangling" => (key, Dangling(value, volumes.Users())),
            "since" when volumes.Find(value) is var earlier => (key, volume => volume.Created > earlier.Created),
            "until" when TimeText.Parse(value, $"{Setting.Filter} until") is var end => (key, volume => volume.Created < end),
            _ => throw new ContainerException(
                $"{Setting.Filter}: '{Printable.Clean(key)}' is not known; {Suggestion.DidYouMean(key, Keys) ?? $"use one of {string.Join(", ", Keys)}"}"),
        };
    }

    private static Func<Volume, bool> Dangling(string value, Func<Volume, IReadOnlyList<string>> users) => value switch
    {
        "true" or "1" => volume => users(volume).Count == 0,
        "false" or "0" => volume => users(volume).Count > 0,
        _ => throw new ContainerException($"{Setting.Filter}: dangling='{Printable.Clean(value)}' is neither true nor false"),
    };
}
