using System.Text.Json.Nodes;
using Podspawn.Oci.ImageTests.Crafting;

namespace Podspawn.Oci.ImageTests.Registries;

/// <summary>Images that can be run: busybox at the bottom, with other layers on top.</summary>
internal static class Sample
{
    /// <summary>Three layers: busybox, files, and one that hides and replaces some of them.</summary>
    internal static CraftedImage Layered { get; } = new(
        CraftedLayer.OfTree(Repository.Busybox),
        CraftedLayer.Of(TarEntry.Directory("data"), TarEntry.File("data/kept", "kept"), TarEntry.File("data/gone", "gone"), TarEntry.Directory("old"), TarEntry.File("old/a", "a")),
        CraftedLayer.Of(TarEntry.File("data/.wh.gone"), TarEntry.Directory("old"), TarEntry.File("old/.wh..wh..opq"), TarEntry.File("old/b", "b")))
    {
        Config = JsonNode.Parse("""
            {"Entrypoint":["/bin/sh","-c"],"Cmd":["echo $WORD; cat data/kept; ls data old; id -u"],"Env":["WORD=hello"],"User":"1000:1000","WorkingDir":"/","StopSignal":"SIGINT"}
            """),
    };

    /// <summary>busybox without any configuration for its process.</summary>
    internal static CraftedImage Plain { get; } = new(CraftedLayer.OfTree(Repository.Busybox));

    /// <summary>busybox and a layer of this many incompressible bytes.</summary>
    internal static CraftedImage Large(int bytes, int seed = 1)
    {
        byte[] noise = new byte[bytes];
        new Random(seed).NextBytes(noise);
        return new CraftedImage(CraftedLayer.OfTree(Repository.Busybox), CraftedLayer.Of(new TarEntry("noise") { Content = noise }));
    }
}
