using System.Globalization;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>no_new_privs: what the kernel reports, and which user a set-user-id program runs as (Documentation/userspace-api/no_new_privs.rst).</summary>
internal static class PrivilegeCheck
{
    public static void Run(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        string wanted = expectation.NoNewPrivileges ? "1" : "0";
        if (!expectation.OnSentry)
        {
            if (evidence.Outside?.Status.GetValueOrDefault("NoNewPrivs") is { } bit)
                Compare("outside: NoNewPrivs", bit);
            else
                draft.Unseen("outside, NoNewPrivs", evidence.End);
        }
        if (evidence.Inside is not { } inside)
        {
            if (expectation.OnSentry)
                draft.Unseen("no_new_privs", "gVisor's process is no process of the host's; verify without a name launches a probe");
            return;
        }
        if (inside.Word("no_new_privs") is { } inner)
            Compare("inside: prctl(PR_GET_NO_NEW_PRIVS)", inner);
        else
            draft.Unseen("inside, no_new_privs", evidence.End);
        Became(expectation, inside, evidence, draft);

        void Compare(string what, string found)
        {
            draft.Saw($"{what} {found}");
            if (found == wanted)
                return;
            if (expectation.NoNewPrivileges)
                draft.Short($"{what} says {found}, asked for {wanted}");
            else
                draft.Differs($"{what} says {found}: set although it was not asked for");
        }
    }

    private static void Became(Expectation expectation, ProbeReport inside, Evidence evidence, FindingDraft draft)
    {
        string? error = inside.Word("setuid_program");
        if (error is not null || inside.FirstAfter(["no_new_privs"], "whoami") is not [_, var effective])
        {
            draft.Unseen("what a set-user-id program becomes", error is null ? evidence.End : $"it ended with {error}");
            return;
        }
        bool gained = effective != expectation.Uid.ToString(CultureInfo.InvariantCulture);
        draft.Saw($"a set-user-id program runs as user {effective}");
        if (gained && expectation.NoNewPrivileges)
            draft.Short($"a set-user-id program became user {effective}");
        else if (!gained && !expectation.NoNewPrivileges)
            draft.Differs("a set-user-id program gains nothing, although no_new_privileges is off");
    }
}
