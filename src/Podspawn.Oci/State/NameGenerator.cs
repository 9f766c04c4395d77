namespace Podspawn.Oci.State;

/// <summary>Generates names for containers without one: two words that are easy to say, type and remember.</summary>
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

    /// <summary>Generates a name that is free according to <paramref name="taken"/>.</summary>
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
