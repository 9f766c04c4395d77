using System.Globalization;

namespace Podspawn.Oci.Text;

/// <summary>Lists of small numbers as the kernel writes them: <c>0-3,5</c> (cpuset(7), "List format").</summary>
internal static class NumberList
{
    /// <summary>The largest number: CONFIG_NR_CPUS is at most 8192.</summary>
    private const int Largest = 8191;

    /// <summary>The numbers of a list; null for a text that is none.</summary>
    internal static IReadOnlySet<int>? Parse(string text)
    {
        var numbers = new SortedSet<int>();
        foreach (string part in text.Split(','))
        {
            int dash = part.IndexOf('-');
            if (Number(dash < 0 ? part : part[..dash]) is not { } first || Number(dash < 0 ? part : part[(dash + 1)..]) is not { } last || first > last)
                return null;
            for (int number = first; number <= last; number++)
                numbers.Add(number);
        }
        return numbers;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= Largest ? number : null;
}
