using Podspawn.Oci.Text;
using static Podspawn.Oci.Capabilities.Capability;

namespace Podspawn.Oci.Capabilities;

/// <summary>Resolves <c>cap_add</c> and <c>cap_drop</c> by the rule of Docker's engine, but ignores nothing silently.</summary>
public static class CapabilityRule
{
    internal const string AddList = "cap_add";
    private const string DropList = "cap_drop";

    /// <summary>The 14 capabilities that Docker's engine grants by default.</summary>
    public static CapabilitySet DockerDefault => CapabilitySet.Of(
        Chown, DacOverride, Fsetid, Fowner, Mknod, NetRaw, Setgid, Setuid, Setfcap, Setpcap, NetBindService, SysChroot, Kill, AuditWrite);

    /// <summary>
    /// The resulting set, always within <paramref name="available"/>. ALL in <paramref name="capAdd"/> beats ALL in <paramref name="capDrop"/>; a
    /// capability named in both is added, except that beside ALL in <paramref name="capAdd"/> the names in <paramref name="capDrop"/> are left out.
    /// </summary>
    /// <param name="capAdd">Names, or ALL.</param>
    /// <param name="capDrop">Names, or ALL.</param>
    /// <param name="available">The most that this process can pass on: its bounding set.</param>
    /// <param name="kernel">The capabilities that the kernel knows.</param>
    public static CapabilityResolution Resolve(
        IReadOnlyList<string> capAdd, IReadOnlyList<string> capDrop, CapabilitySet available, CapabilitySet kernel)
    {
        ArgumentNullException.ThrowIfNull(capAdd);
        ArgumentNullException.ThrowIfNull(capDrop);

        var problems = new List<CapabilityProblem>();
        (CapabilitySet dropped, bool dropAll) = Read(DropList, capDrop, problems);
        (CapabilitySet added, bool addAll) = Read(AddList, capAdd, problems);

        CapabilitySet granted = addAll ? added - dropped : added;
        RefuseWhatCannotBeGranted(capAdd, granted, available, kernel, problems);

        CapabilitySet start = addAll ? CapabilitySet.UpTo(63) - dropped
            : dropAll ? CapabilitySet.Empty
            : DockerDefault - dropped;
        return new CapabilityResolution((start | granted) & available & kernel, problems, !addAll && !dropAll);
    }

    private static (CapabilitySet Named, bool All) Read(string list, IReadOnlyList<string> names, List<CapabilityProblem> problems)
    {
        CapabilitySet named = CapabilitySet.Empty;
        bool all = false;
        for (int index = 0; index < names.Count; index++)
        {
            string name = names[index];
            if (CapabilityNames.IsAll(name))
                all = true;
            else if (CapabilityNames.TryParse(name, out Capability capability))
                named |= CapabilitySet.Of(capability);
            else
                problems.Add(Unknown(list, index, name));
        }

        return (named, all);
    }

    private static void RefuseWhatCannotBeGranted(
        IReadOnlyList<string> capAdd,
        CapabilitySet granted,
        CapabilitySet available,
        CapabilitySet kernel,
        List<CapabilityProblem> problems)
    {
        if ((available & kernel).IsSupersetOf(granted))
            return;

        for (int index = 0; index < capAdd.Count; index++)
        {
            if (!CapabilityNames.TryParse(capAdd[index], out Capability capability) || !granted.Contains(capability))
                continue;
            if (!kernel.Contains(capability))
                problems.Add(UnknownToKernel(index, capability));
            else if (!available.Contains(capability))
                problems.Add(NotHeld(index, capability));
        }
    }

    private static CapabilityProblem Unknown(string list, int index, string name) => new(
        list,
        index,
        $"unknown capability '{name}'",
        Suggestion.DidYouMean(CapabilityNames.Closest(name)) ?? "capabilities(7) lists their names");

    private static CapabilityProblem UnknownToKernel(int index, Capability capability) => new(
        AddList,
        index,
        $"this kernel does not know the capability {CapabilityNames.ShortName(capability)}",
        $"remove it from {AddList}, or run a newer kernel");

    private static CapabilityProblem NotHeld(int index, Capability capability) => new(
        AddList,
        index,
        $"{CapabilityNames.ShortName(capability)} is not in the bounding set of podspawn-oci itself, which cannot hand it on",
        $"remove it from {AddList}, or run podspawn-oci with it");
}
