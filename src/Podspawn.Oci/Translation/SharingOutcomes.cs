using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Translation;

/// <summary>Reports the outcome of what a launch shares with its host or with another container.</summary>
internal static class SharingOutcomes
{
    public static IEnumerable<FieldOutcome> Of(LaunchRequest request, RuntimeSpec spec, Diagnostics diagnostics)
    {
        if (request.Devices.Count > 0)
            yield return Outcome(LaunchKeys.Device, Flow(request.Devices.Select(device => $"{device.HostPath}:{device.Path}:{device.Opens.Access}")),
                spec.Linux.Devices is null ? [] : ["/linux/devices", .. RulesOf(spec)], diagnostics);
        if (request.DeviceRules.Count > 0)
            yield return Outcome(LaunchKeys.DeviceCgroupRule, Flow(request.DeviceRules.Select(rule => rule.ToString())), RulesOf(spec), diagnostics);
        SharedNamespaces shared = request.Namespaces;
        if (shared.Ipc != IpcMode.Private)
            yield return Outcome(
                LaunchKeys.Ipc, shared.IpcOf is { } ipc ? $"container:{ipc.Name}" : shared.Ipc == IpcMode.None ? "none" : "shareable", Of(spec, "ipc"), diagnostics);
        if (shared.PidOf is { } pid)
            yield return Outcome(LaunchKeys.Pid, $"container:{pid.Name}", Of(spec, "pid"), diagnostics);
    }

    private static string[] Of(RuntimeSpec spec, string space)
    {
        for (int i = 0; i < spec.Linux.Namespaces.Count; i++)
        {
            if (spec.Linux.Namespaces[i].Type == space)
                return [string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/linux/namespaces/{i}")];
        }
        return [];
    }

    private static string[] RulesOf(RuntimeSpec spec) => spec.Linux.Resources?.Devices is null ? [] : ["/linux/resources/devices"];

    private static FieldOutcome Outcome(string key, string value, IReadOnlyList<string> paths, Diagnostics diagnostics)
    {
        Enforcement enforcement = diagnostics.EnforcementOf(key);
        return new FieldOutcome(key, value, paths, enforcement, enforcement == Enforcement.Unenforced ? Enforcer.Nobody : Enforcer.Kernel);
    }

    private static string Flow(IEnumerable<string> texts) => $"[{string.Join(", ", texts)}]";
}
