using System.Globalization;
using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Text;

/// <summary>Signals by name and number (signal(7)); the numbers are those of x86_64 and aarch64.</summary>
public static class Signals
{
    /// <summary>SIGKILL.</summary>
    public const int Kill = 9;

    /// <summary>SIGPIPE.</summary>
    public const int Pipe = 13;

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    private const int FirstRealTime = 34;
    private const int LastRealTime = 64;

    // By number, from 1.
    private static readonly string[] Names =
    [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD",
        "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>The signal's number.</summary>
    /// <param name="text">A name in any case, with or without SIG, or a number.</param>
    /// <param name="flag">The flag that the text was given for.</param>
    /// <exception cref="ContainerException">The text is not a signal.</exception>
    public static int Parse(string text, string flag)
    {
        // As kill(1) and podman take it: -9, -HUP.
        string bare = text.StartsWith('-') ? text[1..] : text;
        if (int.TryParse(bare, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            return number is > 0 and <= LastRealTime ? number : throw NoSignal(text, flag);
        string name = bare.ToUpperInvariant();
        if (name.StartsWith("SIG", StringComparison.Ordinal))
            name = name[3..];
        int at = Array.IndexOf(Names, name);
        if (at >= 0)
            return at + 1;
        return name switch
        {
            "IOT" => 6,
            "CLD" => 17,
            "POLL" => 29,
            "RTMIN" => FirstRealTime,
            "RTMAX" => LastRealTime,
            _ => RealTime(name) ?? throw NoSignal(text, flag),
        };
    }

    /// <summary>Whether a signal is one of those that the kernel leaves to programs.</summary>
    public static bool IsRealTime(int number) => number > Names.Length;

    /// <summary>The signal's name with SIG.</summary>
    public static string Name(int number) => number switch
    {
        > 0 when number <= Names.Length => $"SIG{Names[number - 1]}",
        FirstRealTime => "SIGRTMIN",
        LastRealTime => "SIGRTMAX",
        > FirstRealTime => string.Create(CultureInfo.InvariantCulture, $"SIGRTMIN+{number - FirstRealTime}"),
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    private static int? RealTime(string name)
    {
        const int Length = 6; // RTMIN+ and RTMAX-
        if (name.Length <= Length || !int.TryParse(name.AsSpan(Length), NumberStyles.None, CultureInfo.InvariantCulture, out int distance)
            || distance > LastRealTime - FirstRealTime)
            return null;
        return name[..Length] switch
        {
            "RTMIN+" => FirstRealTime + distance,
            "RTMAX-" => LastRealTime - distance,
            _ => null,
        };
    }

    private static ContainerException NoSignal(string text, string flag) =>
        new($"{flag}: '{text}' is no signal; write a name (TERM, SIGUSR1, RTMIN+3) or a number from 1 to {LastRealTime}");
}
