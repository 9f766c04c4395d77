using Podspawn.Oci.Verification.Expectations;

namespace Podspawn.Oci.Verification.Attacks;

/// <summary>Ways past a filter (seccomp(2)): other entry points, other calls for the same, and processes that it might not bind.</summary>
internal static class SeccompAttacks
{
    private const string Finding = "seccomp";
    private const string FilterMode = "2";
    private const ulong Signal = 17;

    // The address families by their numbers (socket(2)).
    private static readonly (string Name, ulong Number)[] Families = [("AF_KEY", 15), ("AF_TIPC", 30), ("AF_ALG", 38), ("AF_VSOCK", 40)];

    public static IReadOnlyList<Attack> Rows { get; } =
    [
        Row("int80", "unshare by the i386 entry point", expectation => expectation.Allows("unshare", Leave.NewUserNamespace)),
        Row("x32", "unshare by its x32 number", expectation => expectation.Allows("unshare", Leave.NewUserNamespace)),
        Row("clone3", "clone3 with a user namespace", expectation => expectation.Allows("clone3")),
        Row("clone", "clone with a user namespace", expectation => expectation.Allows("clone", Leave.NewUserNamespace | Signal)),
        Row("unshare", "unshare of each kind", expectation => expectation.Allows("unshare", Leave.NewUserNamespace)),
        Row("io_uring", "io_uring, whose work no filter sees", expectation => expectation.Allows("io_uring_setup")),
        new(Finding, "socket_domain", "sockets of families for the kernel's own use", Socket) { Arguments = OnlyWithFilter(_ => [Attack.NoArgument]) },
        Row("other_thread", "unshare by a thread, and after execve", expectation => expectation.Allows("unshare", Leave.NewUserNamespace)),
        Row("tracer", "a call that a tracer changes after the filter", expectation => expectation.Allows("unshare", Leave.NewUserNamespace)),
        new(Finding, Attack.Executed, "a process that exec brings in", Executed) { Arguments = OnlyWithFilter(_ => ExecutedProcess.Both) },
    ];

    private static Attack Row(string name, string about, Func<Expectation, bool> allowed) =>
        new(Finding, name, about, tried => allowed(tried.Expectation) ? Verdict.Granted($"{tried.Detail}: the filter lets it through") : Verdict.Works(tried.Detail))
        {
            Arguments = OnlyWithFilter(_ => [Attack.NoArgument]),
        };

    private static Func<AttackGround, IEnumerable<AttackArgument>> OnlyWithFilter(Func<AttackGround, IEnumerable<AttackArgument>> arguments) =>
        ground => ground.Expectation.Seccomp is null ? [] : arguments(ground);

    // The kernel uses only the lower half of the domain; a filter that compares all of it can be passed by bits above.
    private static Verdict Socket(AttackTry tried)
    {
        (string Name, ulong Number)[] open = [.. Families.Where(family => tried.Detail.Contains(family.Name, StringComparison.Ordinal))];
        return open.Length > 0 && open.All(family => tried.Expectation.Allows("socket", family.Number))
            ? Verdict.Granted($"{tried.Detail}: the filter lets it through")
            : Verdict.Works(tried.Detail);
    }

    private static Verdict? Executed(AttackTry tried)
    {
        string? mode = ExecutedProcess.Status(tried, "Seccomp"), outcome = tried.Inside.Word("exec", tried.Argument, "system_call", "unshare");
        if (mode is null || outcome is null)
            return null;
        bool open = outcome == "ok" && !tried.Expectation.Allows("unshare", Leave.NewUserNamespace);
        if (mode == FilterMode && !open)
            return Verdict.Refused($"mode {mode}, unshare gives {outcome}");
        string evidence = $"mode {mode}, unshare gives {outcome}";
        return tried.Expectation is { OnSentry: true, FiltersExecutedProcesses: false }
            ? Verdict.Differs($"{evidence}: this release of gVisor filters the container's own processes, and not what exec brings in")
            : Verdict.Works(evidence);
    }
}
