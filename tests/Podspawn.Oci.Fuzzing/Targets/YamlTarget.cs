using Podspawn.Oci.Configuration;
using Podspawn.Oci.Configuration.Yaml;
using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Fuzzing.Targets;

/// <summary>A config file: its bytes, the YAML in them, and the values in that.</summary>
internal static class YamlTarget
{
    internal static FuzzTarget Target { get; } = new("yaml", [typeof(ConfigException)], Read);

    private static void Read(byte[] input)
    {
        string path = Scratch.Write("config.yaml", input);
        string text = ConfigFile.ReadIfPresent(path)!;
        try
        {
            // Read as a part of another kind of file, whose keys are not the config's.
            _ = YamlTree.Read(text.StartsWith('\ufeff') ? text[1..] : text, new ConfigDiagnostics(path));
        }
        catch (ConfigException e)
        {
            Promise.Hold(e.Problems.All(problem => problem.What.Length > 0), "each problem says what is wrong");
        }
        PodspawnConfig config = ConfigLoader.LoadFile(path);
        string written = ConfigText.Of(config);
        Promise.Hold(ConfigText.Of(ConfigLoader.Parse(written, path)) == written, "a config that is written out is read again as it was");
    }
}
