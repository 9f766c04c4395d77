using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Events;

namespace Podspawn.Oci.Volumes;

/// <summary>Records what happens to volumes beside what happens to containers, by podman's words.</summary>
internal static class VolumeEvents
{
    internal const string Made = "create";
    internal const string Removed = "remove";

    /// <summary>Records an event of a volume.</summary>
    internal static void Report(StateLayout layout, string volume, string action)
    {
        try
        {
            // No container need ever have been there.
            PrivateDirectory.Make(layout.RunDirectory);
        }
        catch (IOException)
        {
            return;
        }
        EventLog.Write(layout, new ContainerEvent { Time = DateTimeOffset.UtcNow, Type = ContainerEvent.OfVolume, Action = action, Id = volume, Name = volume });
    }
}
