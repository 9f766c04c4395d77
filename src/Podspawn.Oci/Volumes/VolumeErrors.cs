using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Volumes;

/// <summary>There is no volume of that name; in podman's words, which scripts look for.</summary>
/// <param name="name">The name.</param>
public sealed class NoSuchVolumeException(string name)
    : ContainerException($"no volume with name \"{Printable.Clean(name, 80)}\" found: no such volume"), IMissing;

/// <summary>Errors about a volume's existence or use; the exit statuses are podman's.</summary>
internal static class VolumeErrors
{
    internal static ContainerException InUse(string name, IReadOnlyList<VolumeUser> users) => new(
        $"volume {name} is being used by the following container(s): {string.Join(", ", users.Select(user => user.Where is null ? user.Id : user.Shown))}: volume is being used",
        ExitCodes.InUse);

    internal static ContainerException Exists(string name) =>
        new($"a volume named '{name}' already exists; choose another name, or remove that one: {Operation.RemoveVolume} {name}");

    internal static ContainerException Unreadable(VolumePaths paths) => new(
        $"volume '{paths.Name}': {paths.Record} is not a record that this version reads; its content is in {paths.Data}: save what you need, and remove it: " +
            $"{Operation.RemoveVolume} {paths.Name}");
}
