using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Store;
using Podspawn.Oci.Translation.Requests;
using Podspawn.Oci.Volumes;

namespace Podspawn.Oci.Launching;

/// <summary>
/// The volumes of a container that is being made: claimed, filled and given to its user before anything mounts them. Disposed of after the container's
/// directory, so that they are never held by a container that is not there.
/// </summary>
internal sealed class LaunchVolumes : IDisposable
{
    private readonly StateLayout layout;
    private readonly VolumeStore volumes;
    private readonly LaunchRequest request;
    private readonly NamedVolume[] named;
    private readonly List<string> made = [];
    private bool claimed;
    private bool stays;

    internal LaunchVolumes(ContainerStore store, LaunchPlan plan)
    {
        layout = store.Layout;
        volumes = new VolumeStore(layout);
        request = plan.Request;
        named = [.. request.Volumes.Select(mount => mount.Volume).OfType<NamedVolume>().DistinctBy(volume => volume.Name)];
    }

    /// <summary>Claims the volumes for the container, whose directory exists, and prepares their content.</summary>
    /// <param name="root">The root filesystem that the container is made from.</param>
    /// <exception cref="Errors.ContainerException">A volume cannot be had, or not be prepared.</exception>
    internal void Prepare(RootFilesystem root)
    {
        if (named.Length > 0)
        {
            claimed = true;
            volumes.Claim(request.ContainerId, named, made.Add);
        }
        foreach (VolumeMount mount in request.Volumes.Where(mount => mount.Volume is not null))
            VolumeContent.Prepare(layout, mount, root, request.ContainerId);
        foreach (VolumeMount mount in request.Volumes.Where(mount => mount.ChangesOwner))
            OwnerChange.Make(mount, request.User);
        // From here on a volume that has a name is the user's, whatever becomes of the launch.
        made.Clear();
    }

    /// <summary>Leaves them to the container, which stays.</summary>
    /// <param name="untilItsEnd">Whether those without a name go with its end.</param>
    internal void Keep(bool untilItsEnd)
    {
        stays = true;
        if (!untilItsEnd)
            volumes.LetStay(named.Where(volume => volume is { IsAnonymous: true, MustExist: false }).Select(volume => volume.Name));
    }

    public void Dispose()
    {
        if (!claimed || stays)
            return;
        volumes.LetGo(made);
        volumes.Withdraw(request.ContainerId, named.Select(volume => volume.Name));
    }
}
