using System.Text.Json.Nodes;

namespace Podspawn.Oci.ImageTests.Crafting;

/// <summary>Invalid configurations and manifests, by what is wrong with them; and the expected message, null where the image is usable.</summary>
internal static class HostileDocuments
{
    internal static IReadOnlyDictionary<string, (CraftedImage Image, string? Refused)> All { get; } = new Dictionary<string, (CraftedImage, string?)>
    {
        ["a NUL in the environment"] = (With("""{"Env":["A=\u0000b"]}"""), "NUL"),
        ["a NUL in the entry point"] = (With("""{"Entrypoint":["/bin/sh\u0000"]}"""), "NUL"),
        ["a NUL in the user"] = (With("""{"User":"0\u0000"}"""), "NUL"),
        ["a NUL in the working directory"] = (With("""{"WorkingDir":"/\u0000"}"""), "NUL"),
        ["a NUL in a volume"] = (With("""{"Volumes":{"/\u0000":{}}}"""), "NUL"),
        ["a NUL in the stop signal"] = (With("""{"StopSignal":"TERM\u0000"}"""), "NUL"),
        ["a variable without a value"] = (With("""{"Env":["NOTHING","=x",""]}"""), null),
        ["null for a variable"] = (With("""{"Env":[null]}"""), "null"),
        ["null for an argument"] = (With("""{"Cmd":["a",null]}"""), "null"),
        ["null for everything"] = (With("""{"Env":null,"Cmd":null,"Entrypoint":null,"Volumes":null,"User":null,"WorkingDir":null,"StopSignal":null}"""), null),
        ["null for the config"] = (new CraftedImage(Layers) { Config = null }, null),
        ["an entry point that is no list"] = (With("""{"Entrypoint":"/bin/sh"}"""), "$.config.Entrypoint"),
        ["a command of numbers"] = (With("""{"Cmd":[1]}"""), "$.config.Cmd"),
        ["a list for the environment's object"] = (With("""{"Env":{"A":"b"}}"""), "$.config.Env"),
        ["a list of volumes"] = (With("""{"Volumes":["/data"]}"""), "$.config.Volumes"),
        ["a number for the user"] = (With("""{"User":0}"""), "$.config.User"),
        ["a list for the config"] = (With("[]"), "$.config"),
        ["a volume at the root"] = (With("""{"Volumes":{"/":{}}}"""), "the root directory"),
        ["a volume at the root by another name"] = (With("""{"Volumes":{"/a/../..":{}}}"""), "the root directory"),
        ["a volume that climbs out"] = (With("""{"Volumes":{"/../x":{}}}"""), null),
        ["a working directory that climbs out"] = (With("""{"WorkingDir":"../.."}"""), null),
        ["half a character"] = (Raw("""{"config":{"Env":["A=\ud800"],"User":"\udc00"},"rootfs":{"type":"layers","diff_ids":[]}}"""), "configuration"),
        ["bytes that are no UTF-8"] = (Raw("\udc80"), "configuration"),
        ["a time that is none"] = (Configured(configuration => configuration["created"] = "yesterday"), "parsing time"),
        ["a number for the time"] = (Configured(configuration => configuration["created"] = 5), "$.created"),
        ["a number for the architecture"] = (Configured(configuration => configuration["architecture"] = 5), "architecture"),
        ["an architecture with a line break"] = (Configured(configuration => configuration["architecture"] = "amd64\nx\u001b[31m"), null),
        ["no diff_ids"] = (Configured(configuration => configuration["rootfs"]!["diff_ids"] = new JsonArray()), "rootfs.diff_ids"),
        ["null for the diff_ids"] = (Configured(configuration => configuration["rootfs"]!["diff_ids"] = null), "rootfs.diff_ids"),
        ["too many diff_ids"] = (Configured(configuration => configuration["rootfs"]!["diff_ids"]!.AsArray().Add($"sha256:{new string('0', 64)}")), "rootfs.diff_ids"),
        ["no rootfs"] = (Configured(configuration => configuration.Remove("rootfs")), "rootfs.diff_ids"),
        ["an empty configuration"] = (Raw("{}"), "rootfs.diff_ids"),
        ["a configuration of no bytes"] = (Raw(""), "configuration"),
        ["null for the configuration"] = (Raw("null"), "configuration"),
        ["a list for the configuration"] = (Raw("[]"), "configuration"),
        ["a configuration that is no JSON"] = (Raw("{garbage"), "configuration"),
        ["a configuration that ends too early"] = (Raw("{\"config\":{\"Env\":[\"A=b\""), "configuration"),
        ["a configuration that is nested very deeply"] = (Raw(new string('[', 100_000)), "configuration"),
        ["a configuration with a very deep unknown part"] = (Configured(configuration => configuration["unknown"] = Deep(60)), null),
        ["a configuration of many megabytes"] = (Configured(configuration => configuration["comment"] = new string('x', 6 << 20)), "exceeded maximum allowed size"),
        ["a manifest of many megabytes"] = (Manifested(manifest => manifest["annotations"] = new JsonObject { ["x"] = new string('x', 6 << 20) }), "larger than"),
        ["null for the manifest"] = (new CraftedImage(Layers) { ManifestText = "null" }, "manifest"),
        ["a manifest of no bytes"] = (new CraftedImage(Layers) { ManifestText = "" }, "unexpected end of JSON input"),
        ["a manifest that is no JSON"] = (new CraftedImage(Layers) { ManifestText = "{garbage" }, "invalid character 'g'"),
        ["null for the layers"] = (Manifested(manifest => manifest["layers"] = null), "layers"),
        ["no layers at all"] = (Manifested(manifest => manifest.Remove("layers")), "layers"),
        ["null for a layer"] = (Manifested(manifest => manifest["layers"] = new JsonArray(null, null)), "digest"),
        ["a layer without a digest"] = (Manifested(manifest => manifest["layers"]![0]!.AsObject().Remove("digest")), "digest"),
        ["a layer whose digest climbs out"] = (Manifested(manifest => manifest["layers"]![0]!["digest"] = "sha256:../../../canary/secret"), "digest"),
        ["a layer with a digest of another kind"] = (Manifested(manifest => manifest["layers"]![0]!["digest"] = $"sha512:{new string('0', 128)}"), "sha512"),
        ["a layer whose size is text"] = (Manifested(manifest => manifest["layers"]![0]!["size"] = "5"), "size"),
        ["a layer of no type"] = (Manifested(manifest => manifest["layers"]![0]!.AsObject().Remove("mediaType")), "type"),
        ["null for the configuration's descriptor"] = (Manifested(manifest => manifest["config"] = null), "config"),
        ["a configuration whose digest climbs out"] = (Manifested(manifest => manifest["config"]!["digest"] = "sha256:../../../canary/secret"), "digest"),
        ["a configuration that is missing"] = (Manifested(manifest => manifest["config"]!["digest"] = $"sha256:{new string('0', 64)}"), "no such file"),
        ["an artifact that is no container image"] = (Manifested(manifest => manifest["config"]!["mediaType"] = "application/vnd.example.config+json"), "artifact"),
        ["an old schema"] = (Manifested(manifest => manifest["schemaVersion"] = 1), null),
    };

    private static CraftedLayer[] Layers => [CraftedLayer.Of(TarEntry.Directory("./"), TarEntry.File("a", "content"))];

    private static CraftedImage With(string config) => new(Layers) { Config = JsonNode.Parse(config) };

    private static CraftedImage Configured(Action<JsonObject> change) => new(Layers) { ChangeConfiguration = change };

    private static CraftedImage Manifested(Action<JsonObject> change) => new(Layers) { ChangeManifest = change };

    private static CraftedImage Raw(string text) => new(Layers) { ConfigurationText = text };

    private static JsonNode Deep(int levels)
    {
        JsonNode node = new JsonObject();
        for (int i = 0; i < levels; i++)
            node = new JsonObject { ["x"] = node };
        return node;
    }
}
