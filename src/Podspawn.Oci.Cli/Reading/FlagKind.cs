using System.CommandLine;
using System.Globalization;

namespace Podspawn.Oci.Cli.Reading;

/// <summary>The kinds of flags: those that are on or off, those that hold a number, and those that hold a text.</summary>
internal static class FlagKind
{
    internal const string On = "true";

    internal const string Off = "false";

    /// <summary>Whether a flag takes a value, which may be the next word. One that is on or off takes it only behind <c>=</c>.</summary>
    internal static bool NeedsValue(Option option) => option.Arity.MinimumNumberOfValues > 0 && !IsSwitch(option);

    /// <summary>The value in the form that the parser reads.</summary>
    /// <param name="option">The flag.</param>
    /// <param name="flag">Its name as the user wrote it, for the message.</param>
    /// <param name="text">The value as the user wrote it.</param>
    /// <exception cref="UsageException">The flag cannot have this value.</exception>
    internal static string Checked(Option option, string flag, string text)
    {
        if (IsSwitch(option))
            return BooleanWord.Read(flag, text) ? On : Off;
        if (Number(option) is not var (least, most))
            return text;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= least && number <= most
            ? number.ToString(CultureInfo.InvariantCulture)
            : throw new UsageException($"{flag}: '{text}' is no whole number that fits; write {option.HelpName ?? "a number"} in digits");
    }

    private static bool IsSwitch(Option option) => option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool) || option.ValueType == typeof(bool?);

    private static (long Least, long Most)? Number(Option option) => option.ValueType == typeof(int) || option.ValueType == typeof(int?) ? (int.MinValue, int.MaxValue)
        : option.ValueType == typeof(long) || option.ValueType == typeof(long?) ? (long.MinValue, long.MaxValue)
        : null;
}
