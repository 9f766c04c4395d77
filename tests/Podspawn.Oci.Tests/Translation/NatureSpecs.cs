using Podspawn.Oci.Configuration;
using Podspawn.Oci.Diagnosis;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;
using static Podspawn.Oci.Tests.TestFacts;

namespace Podspawn.Oci.Tests.Translation;

/// <summary>What is the runtime's nature is told apart from what a config loses.</summary>
public sealed class NatureSpecs
{
    private static readonly string[] Set = ["security.pids_limit", "security.masked_paths", "security.readonly_paths", "security.cap_drop"];

    private static readonly SecurityConfig Strict = new() { CapDrop = ["ALL"], ReadonlyRootfs = true, Tmpfs = [KeyValuePair.Create("/run", "size=1m")] };

    [Fact]
    public void With_the_defaults_gvisor_tells_of_its_nature_only()
    {
        TranslationResult result = Translate(new SecurityConfig(), runtime: Runsc);
        Assert.All(result.Notes.Where(note => note.Severity == NoteSeverity.Differently), note => Assert.True(note.IsNature, note.ToString()));
        Assert.Equal(Set[..3].Order(), result.Notes.Where(note => note.IsNature).Select(note => note.Key).Except(["security.cap_drop", "security.seccomp"]).Distinct().Order());
    }

    [Theory]
    [InlineData("security.pids_limit")]
    [InlineData("security.masked_paths")]
    [InlineData("security.readonly_paths")]
    [InlineData("security.cap_drop")]
    [InlineData("security.readonly_rootfs")]
    [InlineData("security.tmpfs")]
    public void A_key_that_is_set_is_told_at_the_launch(string key)
    {
        PodspawnConfig config = Config(Strict) with { Origins = new Dictionary<string, Origin> { [key] = new("c.yaml", 2, 3) } };
        IReadOnlyList<Note> notes = Translator.Translate(config, Launch, UnifiedHost, Runsc).Notes;
        Assert.Contains(notes, note => note.Key == key && note.Severity == NoteSeverity.Differently);
        Assert.All(notes.Where(note => note.Key == key), note => Assert.False(note.IsNature, note.ToString()));
        Assert.All(notes.Where(note => note.Key != key && note.Severity == NoteSeverity.Differently && !note.Key.StartsWith(key, StringComparison.Ordinal)),
            note => Assert.True(note.IsNature, note.ToString()));
    }

    [Fact]
    public void Protection_that_the_release_takes_away_is_told_whoever_set_it()
    {
        RuntimeTraits leaky = Runsc with { FileCapabilitiesPassNoNewPrivileges = true };
        Assert.Contains(Translate(new SecurityConfig(), runtime: leaky).Notes, note => note is { Key: "security.no_new_privileges", IsNature: false });
    }

    [Fact]
    public void A_difference_by_nature_is_still_enforced_in_another_way() =>
        Assert.Equal(Enforcement.Differently, Translate(new SecurityConfig(), runtime: Runsc).Field("security.pids_limit").Enforcement);

    [Fact]
    public void Doctor_tells_the_nature_of_each_runtime_that_has_one()
    {
        Examination[] lines = [.. RuntimeNature.Of(Runsc, UnifiedHost)];
        Assert.All(lines, line => Assert.Equal(Health.Noted, line.Health));
        Assert.Superset(
            new HashSet<string> { "runsc: pids_limit", "runsc: masked_paths", "runsc: readonly_paths", "runsc: cap_drop", "runsc: readonly_rootfs", "runsc: tmpfs" },
            lines.Select(line => line.Subject).ToHashSet());
        Assert.Equal(lines.Length, lines.Distinct().Count());
        Assert.Empty(RuntimeNature.Of(Runc, UnifiedHost));
        Assert.Empty(RuntimeNature.Of(Crun, HybridHost));
        // On a host without controllers there is still something to tell.
        Assert.NotEmpty(RuntimeNature.Of(Runsc, UnifiedHost.WithoutControllers("pids", "memory", "cpu")));
    }
}
