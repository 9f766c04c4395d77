using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Networks.Records;

/// <summary>There is no network of that name; in podman's words, which scripts look for.</summary>
/// <param name="name">The name.</param>
public sealed class NoSuchNetworkException(string name)
    : ContainerException($"unable to find network with name or ID {Printable.Clean(name, 80)}: network not found; make it first: {Operation.CreateNetwork} NAME"), IMissing;

/// <summary>A program that makes networks is missing, or fails.</summary>
/// <param name="message">What failed, and why.</param>
public sealed class NetworkException(string message) : ContainerException(message);

/// <summary>Errors about a network's existence or use; the exit statuses are podman's.</summary>
internal static class NetworkErrors
{
    internal static ContainerException InUse(string name, IReadOnlyList<string> users) => new(
        $"\"{name}\" has associated containers with it. Use -f to forcibly delete containers and pods: network is being used: {string.Join(", ", users)}", ExitCodes.InUse);

    internal static ContainerException Exists(string name) =>
        new($"network name {name} already used: network already exists; choose another name, or remove that one: {Operation.RemoveNetwork} {name}");

    internal static ContainerException Unreadable(NetworkPaths paths) => new(
        $"network '{paths.Name}': {paths.Record} is not a record that this version reads; remove the network, and make it again: {Operation.RemoveNetwork} {paths.Name}");
}
