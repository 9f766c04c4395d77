namespace Podspawn.Oci.State.Records;

/// <summary>Labels as docker's flags write them.</summary>
internal static class LabelText
{
    /// <summary>Whether labels match <c>KEY</c> or <c>KEY=VALUE</c>.</summary>
    internal static bool Fits(IReadOnlyDictionary<string, string> labels, string wanted)
    {
        int cut = wanted.IndexOf('=');
        return cut < 0 ? labels.ContainsKey(wanted) : labels.TryGetValue(wanted[..cut], out string? value) && value == wanted[(cut + 1)..];
    }
}
