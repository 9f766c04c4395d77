using System.Globalization;
using Podspawn.Oci.Errors;

namespace Podspawn.Oci.State.Records;

/// <summary>Restart policies as docker writes them.</summary>
public static class RestartPolicyText
{
    /// <summary>
    /// Parses <c>no</c>, <c>on-failure</c>, <c>on-failure:N</c>, <c>always</c> or <c>unless-stopped</c>, which equals <c>always</c> where nothing
    /// starts containers at boot.
    /// </summary>
    /// <exception cref="ContainerException">The text is none of these.</exception>
    public static RestartPolicy Parse(string text)
    {
        const string OnFailure = "on-failure";
        switch (text)
        {
            case "no":
                return RestartPolicy.No;
            case "always" or "unless-stopped":
                return new RestartPolicy(RestartCondition.Always);
            case OnFailure:
                return new RestartPolicy(RestartCondition.OnFailure);
        }
        return text.StartsWith($"{OnFailure}:", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(OnFailure.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int retries)
            ? new RestartPolicy(RestartCondition.OnFailure, retries)
            : throw new ContainerException($"{Setting.Restart}: '{text}' is no restart policy; use no, on-failure[:N] or always");
    }

    /// <summary>The policy as <see cref="Parse"/> accepts it.</summary>
    public static string Format(RestartPolicy policy) => policy switch
    {
        { Condition: RestartCondition.Always } => "always",
        { Condition: RestartCondition.OnFailure, MaximumRetries: > 0 and int retries } => string.Create(CultureInfo.InvariantCulture, $"on-failure:{retries}"),
        { Condition: RestartCondition.OnFailure } => "on-failure",
        _ => "no",
    };
}
