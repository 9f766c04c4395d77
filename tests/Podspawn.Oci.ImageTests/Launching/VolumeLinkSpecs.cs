using System.Text.Json.Nodes;
using Podspawn.Oci.ImageTests.Crafting;

namespace Podspawn.Oci.ImageTests.Launching;

/// <summary>A container that puts a link where the next start mounts an image's volume gets nothing of the host.</summary>
public sealed class VolumeLinkSpecs : IDisposable
{
    private readonly Workshop workshop = new();
    private readonly string name = $"volume-{Guid.NewGuid():N}"[..30];

    public void Dispose()
    {
        PodspawnOci.Call(["rm", "--force", "--volumes", name]).GetAwaiter().GetResult();
        workshop.Dispose();
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_volume_whose_way_the_container_made_a_link_is_mounted_inside_or_not_at_all(string runtime)
    {
        string image = workshop.Craft(new CraftedImage(CraftedLayer.OfTree(Repository.Busybox), CraftedLayer.Of(TarEntry.Directory("data/")))
        {
            Config = (JsonObject)JsonNode.Parse("""{"Volumes":{"/data":{},"/data/a/deep":{}}}""")!,
        });
        await workshop.Pull(image);
        string script = $"if [ -e /data/z ]; then echo evil > /data/a/deep/secret; ls /data/a/deep; else mv /data/a /data/z && ln -s {workshop.Canary} /data/a; fi";
        (await workshop.Call("run", "--detach", "--quiet", "--name", name, "--runtime", runtime, "--read-only=true", image, "sh", "-c", script)).Succeeded();
        Outcome ended = (await PodspawnOci.Call(["wait", name])).Succeeded();
        // gVisor may prevent a move of the directory above a mount.
        if (runtime != "runsc")
            Assert.Equal("0", ended.Text.Trim());
        // A runtime follows the link inside the container's root, as any process of the container does, or refuses it.
        await PodspawnOci.Call(["start", name]);
        await PodspawnOci.Call(["wait", name]);
        workshop.AssertUntouched();
    }
}
