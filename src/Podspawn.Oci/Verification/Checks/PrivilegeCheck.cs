using System.Globalization;
using Podspawn.Oci.Verification.Views;
using Podspawn.Oci.Verification.Wishes;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>no_new_privs: what the kernel says, and what a set-user-id program becomes (Documentation/userspace-api/no_new_privs.rst).</summary>
internal static class PrivilegeCheck
{
    public static void Run(Wish wish, Seen seen, FindingDraft draft)
    {
        string wanted = wish.NoNewPrivileges ? "1" : "0";
        if (!wish.OnSentry)
        {
            if (seen.Outside?.Status.GetValueOrDefault("NoNewPrivs") is { } bit)
                Compare("outside: NoNewPrivs", bit);
            else
                draft.Unseen("outside, NoNewPrivs", seen.End);
        }
        if (seen.Inside is not { } inside)
        {
            if (wish.OnSentry)
                draft.Unseen("no_new_privs", "gVisor's process is no process of the host's; verify without a name launches a probe");
            return;
        }
        if (inside.Word("no_new_privs") is { } inner)
            Compare("inside: prctl(PR_GET_NO_NEW_PRIVS)", inner);
        else
            draft.Unseen("inside, no_new_privs", seen.End);
        Became(wish, inside, seen, draft);

        void Compare(string what, string found)
        {
            draft.Saw($"{what} {found}");
            if (found == wanted)
                return;
            if (wish.NoNewPrivileges)
                draft.Short($"{what} says {found}, asked for {wanted}");
            else
                draft.Differs($"{what} says {found}: set although it was not asked for");
        }
    }

    private static void Became(Wish wish, InsideView inside, Seen seen, FindingDraft draft)
    {
        string? error = inside.Word("setuid_program");
        if (error is not null || inside.FirstAfter(["no_new_privs"], "whoami") is not [_, var effective])
        {
            draft.Unseen("what a set-user-id program becomes", error is null ? seen.End : $"it ended with {error}");
            return;
        }
        bool gained = effective != wish.Uid.ToString(CultureInfo.InvariantCulture);
        draft.Saw($"a set-user-id program runs as user {effective}");
        if (gained && wish.NoNewPrivileges)
            draft.Short($"a set-user-id program became user {effective}");
        else if (!gained && !wish.NoNewPrivileges)
            draft.Differs("a set-user-id program gains nothing, although no_new_privileges is off");
    }
}
