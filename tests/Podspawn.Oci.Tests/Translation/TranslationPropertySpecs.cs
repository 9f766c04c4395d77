using CsCheck;
using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;
using static Podspawn.Oci.Tests.TestFacts;

namespace Podspawn.Oci.Tests.Translation;

public sealed class TranslationPropertySpecs
{
    private static readonly Gen<string> Name =
        from capability in Gen.OneOf(Enum.GetValues<Capability>())
        from prefixed in Gen.Bool
        from lower in Gen.Bool
        let name = prefixed ? CapabilityNames.SpecName(capability) : CapabilityNames.ShortName(capability)
        select lower ? name.ToLowerInvariant() : name;

    private static readonly Gen<string[]> Names = Gen.Frequency((9, Name), (1, Gen.Const("ALL"))).Array[0, 6];

    private static readonly Gen<string> Options = Gen.OneOf(
        "", "ro", "rw", "exec", "noexec", "suid", "dev", "size=1m", "size=10%", "mode=700", "uid=5", "noatime", "rslave", "bogus", "size=x")
        .Array[0, 5].Select(options => string.Join(',', options));

    private static readonly Gen<KeyValuePair<string, string>[]> Tmpfs = Gen.Select(
        Gen.OneOf("/tmp", "/run", "/run/a", "/dev/shm", "/a/b/c", "/proc", "relative", "/"),
        Options,
        (path, options) => KeyValuePair.Create(path, options)).Array[0, 4];

    private static readonly Gen<SecurityConfig> Security =
        from add in Names
        from drop in Names
        from privileges in Gen.Bool
        from pids in Gen.Frequency((9, Gen.Long[-1, 5000]), (1, Gen.Long))
        from readOnly in Gen.Bool
        from tmpfs in Tmpfs
        from seccomp in Gen.OneOf("default", "unconfined", "typo")
        select new SecurityConfig
        {
            CapAdd = add,
            CapDrop = drop,
            NoNewPrivileges = privileges,
            PidsLimit = pids,
            ReadonlyRootfs = readOnly,
            Tmpfs = tmpfs,
            Seccomp = seccomp,
        };

    private static readonly Gen<(SecurityConfig Security, LaunchRequest Launch, HostFacts Host, RuntimeTraits Runtime)> Case =
        from security in Security
        from runtime in Gen.OneOf(Runc, Crun, Runsc)
        from held in Gen.Frequency((3, Gen.Const(ulong.MaxValue)), (1, Gen.ULong))
        from ceiling in Gen.Frequency((2, Gen.Const(ulong.MaxValue)), (1, Gen.ULong))
        from hybrid in Gen.Bool
        select (
            security,
            // Under the Sentry some capabilities exclude a limit on processes.
            Launch with { AllowUnenforced = new HashSet<string> { "pids_limit" }, CapabilityCeiling = ceiling == ulong.MaxValue ? null : new CapabilitySet(ceiling) },
            (hybrid ? HybridHost : UnifiedHost) with { AvailableCapabilities = CapabilitySet.UpTo(40) & new CapabilitySet(held) },
            runtime);

    [Fact]
    public void No_input_yields_a_capability_that_the_rule_does_not_allow() => Case.Sample(given =>
    {
        if (Try(given.Security, given.Launch, given.Host, given.Runtime) is not { } result)
            return;
        CapabilitySet allowed = Allowed(given.Security) & given.Host.AvailableCapabilities;
        if (given.Launch.CapabilityCeiling is { } ceiling)
            allowed &= ceiling;
        ProcessCapabilities sets = result.Spec.Process.Capabilities!;
        Assert.Empty(sets.Inheritable);
        Assert.Empty(sets.Ambient);
        Assert.Equal(sets.Bounding, sets.Effective);
        Assert.Equal(sets.Bounding, sets.Permitted);
        foreach (string name in sets.Bounding)
        {
            Assert.True(CapabilityNames.TryParse(name, out Capability capability));
            Assert.True(allowed.Contains(capability), name);
        }
    });

    [Fact]
    public void The_same_input_gives_the_same_spec_and_the_same_words() => Case.Sample(given =>
        Assert.Equal(
            Describe(given.Security, given.Launch, given.Host, given.Runtime),
            Describe(given.Security with { }, given.Launch with { }, given.Host with { }, given.Runtime with { })));

    [Fact]
    public void No_mount_is_hidden_by_a_later_one() => Case.Sample(given =>
    {
        if (Try(given.Security, given.Launch, given.Host, given.Runtime) is not { } result)
            return;
        IReadOnlyList<Mount> mounts = result.Spec.Mounts;
        for (int later = 0; later < mounts.Count; later++)
        {
            for (int earlier = 0; earlier < later; earlier++)
            {
                bool hides = ContainerPath.IsAtOrBelow(mounts[earlier].Destination, mounts[later].Destination);
                Assert.True(!hides || mounts[later].Options!.Contains("remount"), $"{mounts[later].Destination} hides {mounts[earlier].Destination}");
            }
        }
    });

    [Fact]
    public void What_validation_passes_only_the_launch_the_host_or_the_runtime_can_refuse() => Case.Sample(given =>
    {
        PodspawnConfig config = Config(given.Security);
        bool passes = Translator.Validate(config, given.Host).Count == 0;
        Assert.Equal(passes, Try(given.Security, given.Launch, given.Host, given.Runtime) is not null);
    });

    /// <summary>The rule of cap_add and cap_drop, written a second time from its table.</summary>
    private static CapabilitySet Allowed(SecurityConfig security)
    {
        bool dropAll = security.CapDrop.Any(CapabilityNames.IsAll);
        CapabilitySet add = Named(security.CapAdd);
        CapabilitySet drop = Named(security.CapDrop);
        if (security.CapAdd.Any(CapabilityNames.IsAll))
            return CapabilitySet.UpTo(40) - drop;
        return dropAll ? add : (CapabilityRule.DockerDefault - drop) | add;
    }

    private static CapabilitySet Named(IEnumerable<string> names)
    {
        CapabilitySet set = CapabilitySet.Empty;
        foreach (string name in names)
        {
            if (CapabilityNames.TryParse(name, out Capability capability))
                set |= CapabilitySet.Of(capability);
        }

        return set;
    }

    private static TranslationResult? Try(SecurityConfig security, LaunchRequest launch, HostFacts host, RuntimeTraits runtime)
    {
        try
        {
            return Translator.Translate(Config(security), launch, host, runtime);
        }
        catch (TranslationException)
        {
            return null;
        }
    }

    private static string Describe(SecurityConfig security, LaunchRequest launch, HostFacts host, RuntimeTraits runtime)
    {
        try
        {
            TranslationResult result = Translator.Translate(Config(security), launch, host, runtime);
            return SpecJson.SerializeIndented(result.Spec) + string.Join('\n', result.Notes) + string.Join('\n', result.Fields.Select(field => field.Value));
        }
        catch (TranslationException exception)
        {
            return exception.Message;
        }
    }
}
