using Podspawn.Oci.Errors;
using Podspawn.Oci.State.Events;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle.Events;

/// <summary>The filters of <c>events</c>: values of one key are alternatives, and every key must match; the keys are podman's.</summary>
internal sealed class EventFilter
{
    private static readonly string[] Keys = ["container", "event", "image", "label", "type", "volume"];

    private readonly ILookup<string, string> wanted;

    private EventFilter(ILookup<string, string> wanted) => this.wanted = wanted;

    /// <exception cref="ContainerException">A text is not a filter.</exception>
    internal static EventFilter Parse(IEnumerable<string> texts) => new(texts.Select(Read).ToLookup(pair => pair.Key, pair => pair.Value));

    internal bool Fits(ContainerEvent happened) => wanted.All(key => key.Any(value => Fits(happened, key.Key, value)));

    private static (string Key, string Value) Read(string text)
    {
        int cut = text.IndexOf('=', StringComparison.Ordinal);
        string key = cut < 0 ? text : text[..cut];
        if (cut < 0 || cut == text.Length - 1)
            throw new ContainerException($"{Setting.Filter}: '{Printable.Clean(text)}' is no filter; write KEY=VALUE with a key of {string.Join(", ", Keys)}");
        if (key == "status")
            key = "event"; // docker's and podman's other word for it
        if (Keys.Contains(key))
            return (key, text[(cut + 1)..]);
        string hint = Suggestion.DidYouMean(key, Keys) ?? $"use one of {string.Join(", ", Keys)}";
        throw new ContainerException($"{Setting.Filter}: '{Printable.Clean(key)}' is not known; {hint}");
    }

    private static bool Fits(ContainerEvent happened, string key, string value) => key switch
    {
        "container" => happened.Type == ContainerEvent.OfContainer && (happened.Name == value || happened.Id.StartsWith(value, StringComparison.Ordinal)),
        "volume" => happened.Type == ContainerEvent.OfVolume && happened.Name == value,
        "event" => happened.Action == (value == "died" ? "die" : value),
        "image" => happened.Image == value || happened.Image?.Split(':')[0] == value,
        "label" => LabelText.Fits(happened.Labels, value),
        _ => happened.Type == value,
    };
}
