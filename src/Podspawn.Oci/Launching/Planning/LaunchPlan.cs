using Podspawn.Oci.Errors;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>Everything that a launch needs, checked; nothing is created on the host yet.</summary>
/// <param name="Driver">The runtime.</param>
/// <param name="Host">The facts of the host.</param>
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
    /// <summary>Directories that the process needs and that the image may lack; created in the container's layer, absolute paths inside.</summary>
    public IReadOnlyList<string> Directories { get; init; } = [];

    /// <summary>How the container is asked whether it is healthy; null for not at all.</summary>
    public HealthCheck? Health { get; init; }

    /// <summary>The containers that run before this one does.</summary>
    public IReadOnlyList<OtherContainer> Requires { get; init; } = [];

    /// <summary>Requires that every volume is there: who runs the config.json by other means has nobody to make one.</summary>
    /// <exception cref="ContainerException">A volume has no name, or is not there, or an image is mounted.</exception>
    public void RequireVolumes()
    {
        if (Request.Volumes.FirstOrDefault(mount => mount.Image is not null) is { } mounted)
            throw new ContainerException($"{Setting.Mount}: only a launch mounts an image, here at '{mounted.Destination}'; leave it away");
        foreach (VolumeMount mount in Request.Volumes.Where(mount => mount.Volume is not null && !Directory.Exists(mount.Source)))
        {
            throw new ContainerException(mount.Volume!.IsAnonymous
                ? $"{Setting.Volume}: the volume at '{mount.Destination}' has no name, and only a launch makes it; give it one, and make it first: {Operation.CreateVolume} NAME"
                : $"{Setting.Volume}: there is no volume '{mount.Volume.Name}' yet, and only a launch makes it; make it first: {Operation.CreateVolume} {mount.Volume.Name}");
        }
    }

    /// <summary>Requires that no other container is joined and no network connected: who runs the config.json by other means has nobody to open its namespaces.</summary>
    /// <exception cref="ContainerException">One is.</exception>
    public void RequireOwnNamespaces()
    {
        if (Request.Namespaces.Joins)
            throw new ContainerException($"{Setting.Ipc}, {Setting.Pid}: only a launch joins another container's namespaces; leave them away");
        if (Request.Network == NetworkMode.Bridge)
            throw new ContainerException($"{Setting.Network}: only a launch connects a container to a network; leave it away");
    }

    /// <summary>Translates the request, with additional bind mounts from the launcher.</summary>
    /// <exception cref="TranslationException">The request cannot be enforced.</exception>
    public TranslationResult Translate(IReadOnlyList<VolumeMount> more)
    {
        LaunchRequest request = more.Count == 0 ? Request : Request with { Volumes = [.. Request.Volumes, .. more] };
        TranslationResult result = Translator.Translate(Config, request, Host, Driver.Traits);
        return Notes.Count == 0 ? result : result with { Notes = [.. Notes, .. result.Notes] };
    }
}
