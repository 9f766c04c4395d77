using CsCheck;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Text;
using static Podspawn.Oci.Tests.Configuration.ConfigTestData;

namespace Podspawn.Oci.Tests.Configuration;

/// <summary>A config written as text is the same config when it is read again.</summary>
public sealed class ConfigTextSpecs
{
    private static readonly Gen<string> Hostile = Gen.OneOf(
        Gen.OneOf(
            "", " ", "~", "null", "true", "yes", "0x10", "1e3", "<<", "*a", "&a", "!!int 5", "- ", "? ", ": ", "#", "\"", "'", "\\", "\\x41", "{", "]",
            "\n", "\r\n", "\t", "\b", "\f", "\u001b[31m", "\u007f", "\u0085", "\u0080", "\u00a0", "\u2028", "\u2029", "\ufeff", "\ufffe", "\uffff", "\ufdd0",
            "\ue000", "\ufffd", "é", "😀", "\U0010ffff", "\U0001ffff", "\u202e", "a\n\n b \n", " lead", "trail ", "%YAML", "---\n", "...\n", "</script>"),
        Gen.Char[' ', '~'].Array[0, 8].Select(chars => new string(chars)),
        Gen.Int[1, 0x10ffff].Where(rune => rune is < 0xd800 or > 0xdfff).Select(char.ConvertFromUtf32));

    private static readonly Gen<string> Text = Hostile.Array[0, 4].Select(string.Concat);

    private static readonly Gen<string[]> Texts = Text.Array[0, 4];

    // A config that was read has clean paths.
    private static readonly Gen<string> Path = Text.Select(CleanPath.Of);

    private static readonly Gen<string[]> Paths = Path.Array[0, 4];

    private static readonly Gen<SecurityConfig> Lists = Gen.Select(Texts, Texts, Paths.Null(), Paths.Null(), Gen.Select(Path, Text).Array[0, 4], Paths,
        (drop, add, masked, readOnly, tmpfs, devices) =>
        new SecurityConfig
        {
            CapDrop = drop,
            CapAdd = add,
            MaskedPaths = masked,
            ReadonlyPaths = readOnly,
            Devices = devices,
            Tmpfs = [.. tmpfs.DistinctBy(mount => mount.Item1).Select(mount => KeyValuePair.Create(mount.Item1, mount.Item2))],
        });

    private static readonly Gen<SecurityConfig> AnySecurity = Gen.Select(
        Lists, Gen.Long[-1, long.MaxValue], Gen.Bool, Gen.Bool, Text, Text, (lists, pids, noNew, readOnly, runtime, seccomp) => lists with
        {
            PidsLimit = pids,
            NoNewPrivileges = noNew,
            ReadonlyRootfs = readOnly,
            Runtime = runtime,
            Seccomp = seccomp.Length == 0 ? "unconfined" : System.IO.Path.GetFullPath(System.IO.Path.Combine("/", seccomp)),
        });

    private static readonly Gen<LaunchDefaults> AnyDefaults = Gen.Select(
        Gen.OneOf(Gen.Const(0m), Gen.Decimal[0.01m, 1_000_000m]),
        Gen.OneOf(Gen.Const(0L), Gen.Long[6 << 20, long.MaxValue]),
        Text,
        (cpus, memory, shell) => new LaunchDefaults { Cpus = cpus, Memory = memory, Shell = shell.Length == 0 ? null : shell });

    [Fact]
    public void Any_config_is_read_back_as_it_was_written() => Gen.Select(AnySecurity, AnyDefaults).Sample((security, defaults) =>
    {
        PodspawnConfig read = Parse(ConfigText.Of(PodspawnConfig.BuiltIn with { Security = security, Defaults = defaults }));
        AssertSame(security, defaults, read);
        Assert.Empty(read.Warnings);
    }, iter: 5_000);

    [Theory]
    [InlineData("every-key.yaml")]
    [InlineData("locked-down.yaml")]
    [InlineData("merge-keys.yaml")]
    public void A_file_is_read_back_as_it_was_written(string name)
    {
        PodspawnConfig config = Parse(TextOf(name));
        AssertSame(config.Security, config.Defaults, Parse(ConfigText.Of(config)));
    }

    [Fact]
    public void The_built_in_config_is_written_with_every_key() => Assert.Equal(
        """
        {
          "security": {
            "cap_drop": [
              "ALL"
            ],
            "cap_add": [
              "CHOWN",
              "SETUID",
              "SETGID",
              "DAC_OVERRIDE",
              "FOWNER",
              "NET_BIND_SERVICE"
            ],
            "no_new_privileges": true,
            "pids_limit": 256,
            "readonly_rootfs": false,
            "tmpfs": {},
            "runtime": "",
            "seccomp": "default",
            "devices": [],
            "network": "none"
          },
          "defaults": {
            "cpus": 2.0,
            "memory": 2147483648
          }
        }
        """, ConfigText.Of(PodspawnConfig.BuiltIn));

    [Fact]
    public void The_path_of_a_mount_may_be_as_long_as_a_path_can_be()
    {
        string path = string.Concat(Enumerable.Repeat("/" + new string('d', 200), 20));
        SecurityConfig security = new() { Tmpfs = [new(path, "size=1m")] };
        AssertSame(security, new LaunchDefaults(), Parse(ConfigText.Of(PodspawnConfig.BuiltIn with { Security = security })));
    }

    private static void AssertSame(SecurityConfig security, LaunchDefaults defaults, PodspawnConfig read)
    {
        Assert.Equal(security.CapDrop, read.Security.CapDrop);
        Assert.Equal(security.CapAdd, read.Security.CapAdd);
        Assert.Equal(security.Tmpfs, read.Security.Tmpfs);
        Assert.Equal(security.MaskedPaths, read.Security.MaskedPaths);
        Assert.Equal(security.ReadonlyPaths, read.Security.ReadonlyPaths);
        Assert.Equal(security.Devices, read.Security.Devices);
        // The rest is compared whole, so that a new key cannot be forgotten.
        Assert.Equal(
            security,
            read.Security with
            {
                CapDrop = security.CapDrop,
                CapAdd = security.CapAdd,
                Tmpfs = security.Tmpfs,
                MaskedPaths = security.MaskedPaths,
                ReadonlyPaths = security.ReadonlyPaths,
                Devices = security.Devices,
                Egress = security.Egress,
            });
        Assert.Equal((security.Egress?.Default, security.Egress?.Allow.Count), (read.Security.Egress?.Default, read.Security.Egress?.Allow.Count));
        Assert.Equal(security.Egress?.Allow ?? [], read.Security.Egress?.Allow ?? []);
        Assert.Equal(defaults, read.Defaults);
    }
}
