using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>
/// The container's standard streams: each was created for it, and none is a file, terminal or device of the host, whose inode the container would own
/// with the descriptor. And there is no other descriptor.
/// </summary>
internal static class StreamCheck
{
    private static readonly string[] Names = ["stdin", "stdout", "stderr"];

    public static void Run(Expectation expectation, Evidence evidence, FindingDraft draft)
    {
        if (evidence.Inside is { } inside)
            FromInside(inside, evidence, draft);
        // The Sentry's own process has the container's streams under other numbers; what it passes on is seen from inside.
        if (expectation.OnSentry)
        {
            if (evidence.Inside is null)
                draft.Saw("gVisor keeps the streams in its own process; verify without a name launches a probe that looks at them");
        }
        else if (evidence.Outside is { } outside)
            FromOutside(outside, draft);
        else
            draft.Unseen("outside, the streams", evidence.End);
    }

    private static void FromOutside(HostReport outside, FindingDraft draft)
    {
        foreach (StreamReport stream in outside.Streams)
        {
            draft.Saw($"outside: {stream.Name} is a {stream.Kind}{(stream.IsHosts ? " of the host's" : "")}");
            bool isFile = stream.Kind is not ("pipe" or "socket" or "file of the kernel's");
            if (stream.IsHosts)
                draft.Short($"its {stream.Name} is a {stream.Kind} that is the host's or its caller's own");
            else if (isFile && !stream.OnOwnMount && !stream.IsNullDevice)
                draft.Short($"its {stream.Name} is a {stream.Kind} from outside of the container");
        }
    }

    private static void FromInside(ProbeReport inside, Evidence evidence, FindingDraft draft)
    {
        if (inside.First("descriptors") is null)
        {
            draft.Unseen("inside, the streams", evidence.End);
            return;
        }
        for (int fd = 0; fd < Names.Length; fd++)
        {
            string number = $"{fd}", kind = inside.Word("stream", number) ?? "nothing";
            draft.Expect(kind == "pipe", $"inside: {Names[fd]} is a {kind}", "a pipe made for it");
            string[] open = [.. inside.All("stream_attack", number).Where(attack => attack is [_, "ok"]).Select(attack => attack[0])];
            if (open.Length > 0)
                draft.Short($"the {kind} behind {Names[fd]} gives in to: {string.Join(", ", open)}");
        }
        if (inside.Word("descriptors") is not "ok" and var failure)
            draft.Unseen("inside, the descriptors beyond the streams", failure);
        foreach (string[] descriptor in inside.All("descriptor"))
            draft.Short($"inside: descriptor {descriptor[0]}, a {descriptor[1]}, is open as well");
    }
}
