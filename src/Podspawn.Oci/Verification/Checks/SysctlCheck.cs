using System.Globalization;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>The kernel parameters of its namespaces (proc_sys(5)), as the kernel tells them to a thread of ours that has entered these.</summary>
internal static class SysctlCheck
{
    public static void Run(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        if (evidence.Outside is not { } outside)
            draft.Unseen("the kernel parameters", evidence.End);
        else if (expectation.Limits.Sysctls.Count == 0)
            draft.Saw("none was asked for");
        else
        {
            foreach ((string name, string value) in expectation.Limits.Sysctls)
            {
                if (outside.Sysctls.GetValueOrDefault(name) is { } found)
                    draft.Expect(Same(found, value), $"{name} is {string.Join(' ', Words(found))}", value);
                else
                    draft.Unseen(name, null);
            }
        }
    }

    // The kernel writes numbers apart by tabs.
    private static bool Same(string found, string wanted) => Words(found).SequenceEqual(Words(wanted));

    private static IEnumerable<string> Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .Select(word => long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number.ToString(CultureInfo.InvariantCulture) : word);
}
