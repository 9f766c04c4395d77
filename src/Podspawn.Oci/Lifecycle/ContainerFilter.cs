using System.Globalization;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Networks;
using Podspawn.Oci.Spec;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Docker's <c>--filter KEY=VALUE</c>: values of one key are alternatives, and every key must match.</summary>
public sealed class ContainerFilter
{
    private static readonly string[] Keys =
        ["ancestor", "before", "exited", "health", "id", "label", "name", "network", "restart-policy", "runtime", "since", "status", "until", "volume"];

    private readonly ILookup<string, Func<Container, bool>> tests;

    private ContainerFilter(ILookup<string, Func<Container, bool>> tests) => this.tests = tests;

    /// <summary>Parses filters.</summary>
    /// <param name="texts">The filters, each <c>KEY=VALUE</c>.</param>
    /// <param name="registry">Finds the containers that <c>before</c> and <c>since</c> name.</param>
    /// <exception cref="ContainerException">A text is not a filter.</exception>
    public static ContainerFilter Parse(IEnumerable<string> texts, ContainerRegistry registry) =>
        new(texts.Select(text => Read(text, registry)).ToLookup(test => test.Key, test => test.Fits));

    /// <summary>Whether a container matches.</summary>
    public bool Fits(Container container) => tests.All(key => key.Any(fits => fits(container)));

    /// <summary>Whether there is a filter with this key.</summary>
    public bool Has(string key) => tests.Contains(key);

    private static (string Key, Func<Container, bool> Fits) Read(string text, ContainerRegistry registry)
    {
        int cut = text.IndexOf('=');
        string key = cut < 0 ? text : text[..cut], value = cut < 0 ? "" : text[(cut + 1)..];
        if (cut < 0 || value.Length == 0)
            throw new ContainerException($"{Setting.Filter}: '{text}' is no filter; write KEY=VALUE with a key of {string.Join(", ", Keys)}");
        // A label may itself be KEY=VALUE: each label must match by itself, as in docker.
        if (key == "label!")
            return ($"label! {value}", container => !LabelText.Fits(container.Definition.Lifecycle.Labels, value));
        return key == "label" ? ($"label {value}", container => LabelText.Fits(container.Definition.Lifecycle.Labels, value)) : (key, Test(key, value, registry));
    }

    private static Func<Container, bool> Test(string key, string value, ContainerRegistry registry)
    {
        switch (key)
        {
            case "name":
                NamePattern pattern = NamePattern.Parse(value);
                return container => pattern.Fits(container.Name);
            case "id":
                return container => container.Id.StartsWith(value, StringComparison.Ordinal);
            case "status":
                // podman's words for two of them.
                value = value switch { "stopped" => "exited", "configured" => "created", _ => value };
                if (!StatusWords.All.Contains(value))
                    throw new ContainerException($"{Setting.Filter}: '{value}' is no status; use one of {string.Join(", ", StatusWords.All)}");
                return container => StatusWords.Of(container) == value;
            case "network":
                return value switch
                {
                    "none" => container => container.Definition.Network == NetworkMode.None,
                    "host" => container => container.Definition.Network == NetworkMode.Host,
                    _ => Attached(new NetworkStore(registry.Store.Layout).Find(value).Name),
                };
            case "restart-policy":
                RestartCondition condition = value switch
                {
                    "none" or "no" => RestartCondition.No,
                    "on-failure" => RestartCondition.OnFailure,
                    "always" => RestartCondition.Always,
                    _ => throw new ContainerException($"{Setting.Filter}: '{Printable.Clean(value)}' is no restart policy; use one of none, on-failure, always"),
                };
                return container => container.Definition.Lifecycle.Restart.Condition == condition;
            case "volume":
                return container => HasVolume(container, value);
            case "ancestor":
                return container => IsFrom(container, value);
            case "runtime":
                return container => container.Definition.Runtime.Name == value || container.Definition.Runtime.Program == value;
            case "exited":
                if (!int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int status))
                    throw new ContainerException($"{Setting.Filter}: '{value}' is no exit status; write a number");
                return container => container.State.Status == ContainerStatus.Exited && container.State.ExitStatus == status;
            case "health":
                if (!HealthWords.All.Contains(value))
                    throw new ContainerException($"{Setting.Filter}: '{value}' is no health; use one of {string.Join(", ", HealthWords.All)}");
                return container => (container.Health is { } health ? HealthWords.Of(health.Status) : HealthWords.None) == value;
            case "before":
                DateTimeOffset latest = registry.Find(value).Definition.Created;
                return container => container.Definition.Created < latest;
            case "since":
                DateTimeOffset earliest = registry.Find(value).Definition.Created;
                return container => container.Definition.Created > earliest;
            case "until":
                DateTimeOffset end = TimeText.Parse(value, $"{Setting.Filter} until");
                return container => container.Definition.Created < end;
            default:
                string hint = Suggestion.DidYouMean(key, Keys) ?? $"use one of {string.Join(", ", Keys)}";
                throw new ContainerException($"{Setting.Filter}: '{key}' is not known; {hint}");
        }
    }

    private static Func<Container, bool> Attached(string network) => container => container.Definition.Attachments.Any(attachment => attachment.Network == network);

    // By its place on the host or inside. One whose files are gone by now has none.
    private static bool HasVolume(Container container, string place)
    {
        string path = CleanPath.Of(place);
        try
        {
            return SpecJson.Deserialize(File.ReadAllBytes(container.Paths.Config)).Mounts.Any(mount => mount.Type == "bind" && (mount.Source == path || mount.Destination == path));
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool IsFrom(Container container, string image) =>
        container.Definition.Image == image || container.Definition.RootDirectory == image
        || container.Definition.Image?.Split(':')[0] == image
        || (image.Length >= 6 && container.Definition.ImageDigest is { } digest
        && (digest.StartsWith(image, StringComparison.Ordinal) || digest["sha256:".Length..].StartsWith(image, StringComparison.Ordinal)));
}
