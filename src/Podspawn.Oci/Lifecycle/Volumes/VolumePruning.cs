using Podspawn.Oci.Errors;
using Podspawn.Oci.Volumes;

namespace Podspawn.Oci.Lifecycle.Volumes;

/// <summary>Removes volumes that no container uses.</summary>
public sealed class VolumePruning(VolumeStore volumes)
{
    /// <summary>The volumes that a prune would remove.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="all">Whether those that the user has named are meant as well.</param>
    public IReadOnlyList<Volume> Find(VolumeFilter filter, bool all)
    {
        Func<Volume, IReadOnlyList<string>> users = volumes.Users();
        return [.. volumes.All().Where(volume => (all || volume.IsAnonymous) && filter.Fits(volume) && users(volume).Count == 0)];
    }

    /// <summary>Removes volumes; one that a container uses by now, or that is gone, is passed over.</summary>
    /// <returns>Those that were removed.</returns>
    public IReadOnlyList<Volume> Remove(IEnumerable<Volume> found)
    {
        var removed = new List<Volume>();
        foreach (Volume volume in found)
        {
            try
            {
                volumes.Remove(volume.Name);
                removed.Add(volume);
            }
            catch (ContainerException e) when (e is NoSuchVolumeException || e.ExitStatus == ExitCodes.InUse)
            {
                // A container has been made with it since, or another command has removed it.
            }
        }
        return removed;
    }
}
