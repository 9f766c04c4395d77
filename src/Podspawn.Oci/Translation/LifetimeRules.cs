using System.Globalization;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>The range of <c>session.max_lifetime</c>. The launcher enforces it: the spec has no field for it.</summary>
internal static class LifetimeRules
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(int.MaxValue);

    public static void Check(TimeSpan lifetime, Diagnostics diagnostics)
    {
        if (lifetime != TimeSpan.Zero && (lifetime < Least || lifetime > Most))
        {
            string seconds = lifetime.TotalSeconds.ToString("0.#########", CultureInfo.InvariantCulture);
            diagnostics.Refuse(
                Keys.MaxLifetime, $"{seconds} seconds is no time that a container can be given", "write 1s or more (8h, 90m), or 0s for no limit");
        }
    }
}
