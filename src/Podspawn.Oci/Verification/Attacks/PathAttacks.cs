namespace Podspawn.Oci.Verification.Attacks;

/// <summary>Ways to a masked path's content, and to write to a read-only one.</summary>
internal static class PathAttacks
{
    public static IReadOnlyList<Attack> Masked { get; } =
        [.. Of("masked_paths", "read", ground => ground.Expectation.MaskedPaths.Select(path => (AttackArgument)path))];

    public static IReadOnlyList<Attack> Readonly { get; } =
        [.. Of("readonly_paths", "written", ground => ground.Expectation.ReadonlyPaths.Select(path => (AttackArgument)path))];

    private static IEnumerable<Attack> Of(string finding, string done, Func<AttackGround, IEnumerable<AttackArgument>> paths)
    {
        Attack Row(string name, string about, Func<AttackTry, Verdict?> judge) =>
            new(finding, name, $"{done} {about}", tried => tried.Expectation.OnSentry ? Sentrys(tried) : judge(tried)) { Arguments = paths };

        yield return Row("self_root", "by /proc/self/root", Leave.ToNobody);
        yield return Row("thread_self", "by /proc/thread-self/root", Leave.ToNobody);
        yield return Row("init_root", "by /proc/1/root", Leave.ToNobody);
        yield return Row("task", "by /proc/self/task", Leave.ToNobody);
        yield return Row("second_proc", "in a proc or sysfs of its own", Leave.ToMounters);
        yield return Row("parent_bind", "by a bind of the directory above", Leave.ToMounters);
        yield return Row("unmount", "after an unmount", Leave.ToMounters);
    }

    private static Verdict Sentrys(AttackTry tried) => Verdict.Told($"{tried.Detail}: it is gVisor's own, and nothing of the host's");
}
