namespace Podspawn.Oci.Verification.Attacks;

/// <summary>Ways to write to a read-only root.</summary>
internal static class RootAttacks
{
    private const string Finding = "readonly_rootfs";

    public static IReadOnlyList<Attack> Rows { get; } =
    [
        Row("remount", "the root, mounted anew to be written to", Leave.ToMounters),
        Row("bind_over", "a writable directory over one of the root's", Leave.ToMounters),
        Row("user_namespace", "the root, mounted anew in namespaces of its own", Leave.ToMounters),
        Row("self_root", "the root by /proc/self/root", Leave.ToNobody),
        Row("init_root", "the root by /proc/1/root", Leave.ToNobody),
        Row("descriptor", "the root by a descriptor opened before", Leave.ToNobody),
        Row("overlay", "an overlay of its own over a directory of the root", Leave.ToMounters),
        Row("raw_device", "the device that the root lies on", Leave.ToNobody),
    ];

    private static Attack Row(string name, string about, Func<AttackTry, Verdict?> judge) =>
        new(Finding, name, about, judge) { Arguments = ground => ground.Expectation.ReadonlyRoot ? [Attack.NoArgument] : [] };
}
