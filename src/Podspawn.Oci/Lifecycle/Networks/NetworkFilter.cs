using Podspawn.Oci.Errors;
using Podspawn.Oci.Networks;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle.Networks;

/// <summary>Docker's and podman's <c>--filter KEY=VALUE</c> for networks: values of one key are alternatives, and every key must match.</summary>
public sealed class NetworkFilter
{
    private static readonly string[] Keys = ["dangling", "driver", "id", "label", "label!", "name", "until"];

    private readonly ILookup<string, Func<Network, bool>> tests;

    private NetworkFilter(ILookup<string, Func<Network, bool>> tests) => this.tests = tests;

    /// <summary>Parses filters.</summary>
    /// <param name="texts">The filters, each <c>KEY=VALUE</c>.</param>
    /// <param name="networks">Tells who has a network.</param>
    /// <exception cref="ContainerException">A text is not a filter.</exception>
    public static NetworkFilter Parse(IEnumerable<string> texts, NetworkStore networks) =>
        new(texts.Select(text => Read(text, networks)).ToLookup(test => test.Key, test => test.Fits));

    /// <summary>Whether a network matches.</summary>
    public bool Fits(Network network) => tests.All(key => key.Any(fits => fits(network)));

    private static (string Key, Func<Network, bool> Fits) Read(string text, NetworkStore networks)
    {
        int cut = text.IndexOf('=');
        string key = cut < 0 ? text : text[..cut], value = cut < 0 ? "" : text[(cut + 1)..];
        if (cut < 0 || value.Length == 0)
            throw new ContainerException($"{Setting.Filter}: '{Printable.Clean(text)}' is no filter; write KEY=VALUE with a key of {string.Join(", ", Keys)}");
        return key switch
        {
            // A label may itself be KEY=VALUE: each label must match by itself, as in docker.
            "label" => ($"label {value}", network => LabelText.Fits(network.Labels, value)),
            "label!" => ($"label! {value}", network => !LabelText.Fits(network.Labels, value)),
            "name" when NamePattern.Parse(value) is var pattern => (key, network => pattern.Fits(network.Name)),
            "id" => (key, network => network.Id.StartsWith(value, StringComparison.Ordinal)),
            "driver" => (key, _ => value == "bridge"),
            "dangling" => (key, Dangling(value, networks)),
            "until" when TimeText.Parse(value, $"{Setting.Filter} until") is var end => (key, network => network.Created < end),
            _ => throw new ContainerException(
                $"{Setting.Filter}: '{Printable.Clean(key)}' is not known; {Suggestion.DidYouMean(key, Keys) ?? $"use one of {string.Join(", ", Keys)}"}"),
        };
    }

    private static Func<Network, bool> Dangling(string value, NetworkStore networks) => value switch
    {
        "true" or "1" => network => networks.Users(network).Count == 0,
        "false" or "0" => network => networks.Users(network).Count > 0,
        _ => throw new ContainerException($"{Setting.Filter}: dangling='{Printable.Clean(value)}' is neither true nor false"),
    };
}
