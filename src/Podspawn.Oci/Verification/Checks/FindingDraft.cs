using Podspawn.Oci.Configuration;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;
using Podspawn.Oci.Verification.Expectations;
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>A finding while its check is running. The result follows from what was noted: no check can declare that something holds.</summary>
internal sealed class FindingDraft(string name, IReadOnlyList<string> keys, Expectation expectation, string asked)
{
    private readonly List<string> evidence = [];
    private readonly List<string> shortfalls = [];
    private readonly List<string> notes = [];
    private readonly List<AttackReport> attacks = [];

    /// <summary>What it covers beside the keys of the config.</summary>
    public IReadOnlyList<string> LaunchKeys { get; init; } = [];

    /// <summary>Adds evidence.</summary>
    public void Saw(string text) => evidence.Add(text);

    /// <summary>Adds a shortfall: something that is less than was asked for.</summary>
    public void Short(string text) => shortfalls.Add(text);

    /// <summary>Adds a note on a way in which the finding holds differently.</summary>
    public void Differs(string text) => notes.Add(text);

    /// <summary>Adds the report of an attack; what it means for the finding is added separately.</summary>
    public void Attacked(AttackReport report) => attacks.Add(report);

    /// <summary>Adds evidence, and a shortfall unless it is good.</summary>
    public void Expect(bool good, string evidence, string wanted)
    {
        Saw(evidence);
        if (!good)
            Short($"{evidence}, asked for {wanted}");
    }

    /// <summary>Adds a shortfall for missing evidence: nothing is known, which is as bad as bad news.</summary>
    public void Unseen(string what, string? end) => Short(end is null ? $"{what} was not to be seen" : $"{what} was not to be seen: {end}");

    /// <summary>Completes the finding.</summary>
    public Finding Finish()
    {
        foreach (string key in keys.Concat(LaunchKeys))
        {
            FieldOutcome? outcome = expectation.Fields.FirstOrDefault(field => field.Key == key);
            IEnumerable<Note> about = expectation.Notes.Where(note => Keys.IsWithin(note.Key, key));
            if (outcome?.Enforcement == Enforcement.Differently)
                notes.AddRange(about.Where(note => note.Severity == NoteSeverity.Differently).Select(note => note.Text));
            if (outcome?.Enforcement == Enforcement.Unenforced)
                shortfalls.AddRange(about.Where(note => note.Severity == NoteSeverity.Warning).Select(note => note.Text));
        }
        FindingResult result = shortfalls.Count > 0 ? FindingResult.FallsShort : notes.Count > 0 ? FindingResult.HoldsDifferently : FindingResult.Holds;
        return new Finding(name, keys, asked, result, evidence, shortfalls, notes) { Attacks = attacks };
    }
}
