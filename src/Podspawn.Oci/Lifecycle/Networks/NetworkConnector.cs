using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Native;
using Podspawn.Oci.Networks;
using Podspawn.Oci.State.Events;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Lifecycle.Networks;

/// <summary>Puts containers on networks, and takes them off, whether they run or not.</summary>
public sealed class NetworkConnector(ContainerRegistry registry)
{
    /// <summary>Puts a container on a network.</summary>
    /// <param name="container">The container.</param>
    /// <param name="options">The network, and how the container is on it.</param>
    /// <exception cref="ContainerException">There is no such network, the container is on it already, or cannot be put on one.</exception>
    public void Connect(Container container, NetworkOptions options)
    {
        NetworkAttachment attachment = options.ReadOne(registry.Store.Layout);
        using LockedContainer held = registry.RequireSettled(container);
        RequireBridge(held);
        if (held.Definition.Attachments.Any(other => other.Network == attachment.Network))
            throw LifecycleErrors.Of($"container '{held.Definition.Name}' is already connected to network '{attachment.Network}'; take it off first, to change how");
        if (held.Now.HasProcess)
            Inside(held, space => NetworkChanges.Connect(registry.Store.Layout, held.Paths, held.Definition, attachment, space));
        held.Write(held.Definition with { Attachments = [.. held.Definition.Attachments, attachment] });
        EventLog.Report(registry.Store, held.Definition, "connect", ("network", attachment.Network));
    }

    /// <summary>Takes a container off a network.</summary>
    /// <exception cref="ContainerException">The container is not on it, or cannot be taken off it now.</exception>
    public void Disconnect(Container container, string network)
    {
        string name = new NetworkStore(registry.Store.Layout).Find(network).Name;
        using LockedContainer held = registry.RequireSettled(container);
        RequireBridge(held);
        if (held.Definition.Attachments.All(attachment => attachment.Network != name))
            throw LifecycleErrors.Of($"container '{held.Definition.Name}' is not connected to network '{name}'");
        if (held.Now.HasProcess)
            Inside(held, space => NetworkChanges.Disconnect(held.Paths, held.Definition, name, space));
        held.Write(held.Definition with { Attachments = [.. held.Definition.Attachments.Where(attachment => attachment.Network != name)] });
        EventLog.Report(registry.Store, held.Definition, "disconnect", ("network", name));
    }

    // The config.json of another names no namespace that could be connected.
    private static void RequireBridge(LockedContainer held)
    {
        if (held.Definition.Network != NetworkMode.Bridge)
            throw LifecycleErrors.Of($"container '{held.Definition.Name}' was made without a network of network create; make it anew with {Setting.Network} NAME");
    }

    private static void Inside(LockedContainer held, Action<SafeFileHandle> change)
    {
        if (held.Now.Driver.Traits.Kernel == SystemCallHandler.Sentry)
        {
            string name = held.Definition.Name;
            throw LifecycleErrors.Of($"container '{name}': gvisor takes the interfaces that are there at its start, and no other; stop it first: {Operation.Stop} {name}");
        }
        ProcessIdentity process = held.Now.RequireProcess();
        using SafeFileHandle? pinned = process.Open();
        using SafeFileHandle? space = pinned is null ? null : NetworkSpace.OpenOf(process.Pid);
        // Only now is it known that the namespace is this very process's.
        if (pinned is null || space is null || ProcessCalls.AwaitEnd(pinned, 0))
            throw LifecycleErrors.NotRunning(held.Definition.Name);
        change(space);
    }
}
