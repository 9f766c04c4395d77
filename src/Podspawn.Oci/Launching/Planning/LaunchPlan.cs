using Podspawn.Oci.Host;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>Everything that a launch needs, checked; nothing is made on the host yet.</summary>
/// <param name="Driver">The runtime.</param>
/// <param name="Host">The host's facts.</param>
/// <param name="Request">What to run.</param>
/// <param name="Config">The config in effect.</param>
/// <param name="Notes">Notes from before the translation.</param>
public sealed record LaunchPlan(
    RuntimeDriver Driver,
    Host.HostFacts Host,
    LaunchRequest Request,
    Configuration.PodspawnConfig Config,
    IReadOnlyList<Note> Notes)
{
    /// <summary>Directories that the process needs and that the image may lack; made in its layer, absolute paths inside.</summary>
    public IReadOnlyList<string> Directories { get; init; } = [];

    /// <summary>Translates the request, with more bind mounts where the launcher adds some.</summary>
    /// <exception cref="TranslationException">The wish cannot be enforced.</exception>
    public TranslationResult Translate(IReadOnlyList<VolumeMount> more)
    {
        LaunchRequest request = more.Count == 0 ? Request : Request with { Volumes = [.. Request.Volumes, .. more] };
        TranslationResult result = Translator.Translate(Config, request, Host, Driver.Traits);
        return Notes.Count == 0 ? result : result with { Notes = [.. Notes, .. result.Notes] };
    }
}
