using System.Runtime.CompilerServices;
using System.Text;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;
using static Podspawn.Oci.Tests.TestFacts;

namespace Podspawn.Oci.Tests.Translation;

/// <summary>Whole translations as readable files, beside the tests. UPDATE_GOLDEN=1 rewrites them. The seccomp filter is left out: it has its own tests.</summary>
public sealed class GoldenSpecs
{
    private static readonly SecurityConfig LockedDown = new()
    {
        CapAdd = ["CHOWN", "SETUID", "SETGID", "DAC_OVERRIDE", "FOWNER"],
        PidsLimit = 128,
        ReadonlyRootfs = true,
        Tmpfs = [KeyValuePair.Create("/tmp", "rw,noexec,nosuid,size=256m"), KeyValuePair.Create("/run", "rw,noexec,nosuid,size=64m")],
        Runtime = "runsc",
    };

    private static readonly SecurityConfig WideOpen = new()
    {
        CapDrop = [],
        CapAdd = ["ALL"],
        NoNewPrivileges = false,
        PidsLimit = -1,
        Tmpfs = [KeyValuePair.Create("/scratch", "exec,suid,dev,size=0")],
        Seccomp = "unconfined",
        MaskedPaths = [],
        ReadonlyPaths = [],
    };

    [Theory]
    [InlineData("default-runc")]
    [InlineData("default-crun-hybrid")]
    [InlineData("default-runsc")]
    [InlineData("locked-down-runc")]
    [InlineData("locked-down-runsc")]
    [InlineData("wide-open-runc")]
    [InlineData("wide-open-runsc")]
    public void The_translation_is_what_its_file_shows(string name)
    {
        SecurityConfig security = name.StartsWith("locked-down", StringComparison.Ordinal) ? LockedDown
            : name.StartsWith("wide-open", StringComparison.Ordinal) ? WideOpen
            : new SecurityConfig();
        RuntimeTraits runtime = name.Contains("runsc", StringComparison.Ordinal) ? Runsc
            : name.Contains("crun", StringComparison.Ordinal) ? Crun
            : Runc;
        HostFacts host = name.EndsWith("hybrid", StringComparison.Ordinal) ? HybridHost : UnifiedHost;
        LaunchDefaults defaults = security == WideOpen ? new LaunchDefaults { Cpus = 0, Memory = 0 } : new LaunchDefaults();
        TranslationResult result = Translate(security, defaults, host: host, runtime: runtime);

        RuntimeSpec spec = result.Spec with { Linux = result.Spec.Linux with { Seccomp = null } };
        Compare($"{name}.json", SpecJson.SerializeIndented(spec) + "\n");
        Compare($"{name}.txt", Explain(result));
    }

    private static string Explain(TranslationResult result)
    {
        StringBuilder text = new();
        foreach (FieldOutcome field in result.Fields)
            text.Append(field.Key).Append(" = ").Append(field.Value).Append(": ").Append(field.Enforcement).Append(" by ").Append(field.EnforcedBy)
                .Append(" at ").Append(string.Join(' ', field.SpecPaths)).Append('\n');
        foreach (Note note in result.Notes)
            text.Append(note.Severity).Append(": ").Append(note.Key).Append(": ").Append(note.Text).Append('\n');
        return text.ToString();
    }

    private static void Compare(string file, string actual, [CallerFilePath] string source = "")
    {
        string path = Path.Combine(Path.GetDirectoryName(source)!, "Golden", file);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(path, actual);
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
