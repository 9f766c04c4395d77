namespace Podspawn.Oci.Verification.Attacks;

/// <summary>Ways to gain privileges by execve in spite of no_new_privs (Documentation/userspace-api/no_new_privs.rst).</summary>
internal static class PrivilegeAttacks
{
    private const string Finding = "no_new_privileges";

    public static IReadOnlyList<Attack> Rows { get; } =
    [
        new(Finding, "setuid", "a set-user-id program", Leave.ToNobody) { Arguments = OnlyWhereSet(Places.ForPrograms) },
        new(Finding, "own_mount", "a set-user-id program on a mount of the container's own", Leave.ToNobody) { Arguments = OnlyWhereSet(_ => [Attack.NoArgument]) },
        new(Finding, "file_capabilities", "a program with file capabilities, by another user", Leave.ToNobody) { Arguments = OnlyWhereSet(Places.ForPrograms) },
        new(Finding, Attack.Executed, "no_new_privs of a process that exec brings in", Executed) { Arguments = OnlyWhereSet(_ => ExecutedProcess.Both) },
    ];

    private static Func<AttackGround, IEnumerable<AttackArgument>> OnlyWhereSet(Func<AttackGround, IEnumerable<AttackArgument>> arguments) =>
        ground => ground.Expectation.NoNewPrivileges ? arguments(ground) : [];

    private static Verdict? Executed(AttackTry tried) => ExecutedProcess.Status(tried, "NoNewPrivs") switch
    {
        "1" => Verdict.Refused("set"),
        // gVisor's /proc has no such line as of 2022, and gVisor grants nothing in either case.
        null when tried.Expectation.OnSentry && ExecutedProcess.Status(tried, "CapEff") is not null => Verdict.Untried("gVisor does not tell"),
        null => null,
        var bit => Verdict.Works($"is {bit}"),
    };
}
