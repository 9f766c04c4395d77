namespace Podspawn.Oci.State;

/// <summary>Names for containers that nobody has named: two words that are easy to say, type and remember.</summary>
internal static class NameGenerator
{
    private static readonly string[] Qualities =
    [
        "amber", "brave", "brisk", "calm", "clear", "clever", "crisp", "deep", "eager", "early", "even", "fair", "fast", "fine", "firm", "fresh",
        "gentle", "glad", "golden", "grand", "green", "happy", "hardy", "honest", "humble", "keen", "kind", "light", "lively", "lone", "loyal", "lucid",
        "mellow", "mild", "neat", "nimble", "noble", "open", "patient", "plain", "proud", "quick", "quiet", "rapid", "ready", "round", "sharp", "silent",
        "silver", "simple", "sleek", "slim", "smooth", "sober", "solid", "steady", "still", "sunny", "swift", "tidy", "true", "vivid", "warm", "wise",
    ];

    private static readonly string[] Things =
    [
        "acorn", "anchor", "arrow", "aspen", "badger", "beacon", "birch", "bridge", "brook", "canyon", "cedar", "cliff", "clover", "comet", "condor", "coral",
        "crane", "creek", "delta", "dune", "eagle", "elm", "ember", "falcon", "fern", "finch", "fjord", "forest", "garnet", "glacier", "grove", "harbor",
        "hawk", "heron", "hill", "island", "ivy", "jasper", "juniper", "lagoon", "lake", "lantern", "larch", "lark", "linden", "lynx", "maple", "marsh",
        "meadow", "mesa", "oak", "onyx", "orchid", "otter", "pebble", "pine", "quartz", "reef", "ridge", "river", "sparrow", "spruce", "valley", "willow",
    ];

    /// <summary>A name that is free, as far as <paramref name="taken"/> knows.</summary>
    internal static string Next(Func<string, bool> taken)
    {
        const int Tries = 20;
        for (int i = 0; i < Tries; i++)
        {
            string name = Pair();
            if (!taken(name))
                return name;
        }
        return $"{Pair()}_{Random.Shared.Next(0x10000):x4}";
    }

    private static string Pair() => $"{Qualities[Random.Shared.Next(Qualities.Length)]}_{Things[Random.Shared.Next(Things.Length)]}";
}
