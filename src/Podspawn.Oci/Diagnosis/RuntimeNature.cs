using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Diagnosis;

/// <summary>
/// What a runtime does in a way of its own, whatever is launched with it: a launch does not repeat it. It is asked of the translator itself, for a config
/// that says little and one that is strict, so that no second list of it can go out of step.
/// </summary>
internal static class RuntimeNature
{
    // Not /tmp: what gVisor does there is to be told as well.
    private const string Directory = "/run";

    private static readonly PodspawnConfig Strict = PodspawnConfig.BuiltIn with
    {
        Security = PodspawnConfig.BuiltIn.Security with { ReadonlyRootfs = true, CapDrop = ["ALL"], Tmpfs = [KeyValuePair.Create(Directory, "")] },
    };

    /// <summary>A line for each. Pure.</summary>
    internal static IEnumerable<Examination> Of(RuntimeTraits traits, HostFacts host) =>
        new[] { PodspawnConfig.BuiltIn, Strict }.SelectMany(config => Notes(config, traits, host)).Where(note => note.IsNature)
            .DistinctBy(note => (note.Key, note.Text)).Select(note => new Examination($"{traits.Name}: {Keys.Short(note.Key)}", Health.Noted, note.Text));

    private static IReadOnlyList<Note> Notes(PodspawnConfig config, RuntimeTraits traits, HostFacts host)
    {
        var request = new LaunchRequest
        {
            ContainerId = traits.Name,
            Arguments = ["sh"],
            HostName = traits.Name,
            RootPath = LaunchRequest.RootInBundle,
            AllowUnenforced = new HashSet<string> { Keys.Short(Keys.PidsLimit), Keys.Short(Keys.Seccomp), Keys.Short(Keys.Memory), Keys.Short(Keys.Cpus) },
        };
        try
        {
            return Translator.Translate(config, request, host, traits).Notes;
        }
        catch (TranslationException)
        {
            // This host cannot launch it at all, which other lines say.
            return [];
        }
    }
}
