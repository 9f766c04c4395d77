using System.Text.Json;

namespace Podspawn.Oci.RuntimeTests.Translation;

/// <summary>Devices of the host on the real runtimes: what the config gives and the launch asks for, and no more.</summary>
public sealed class DeviceFlagSpecs
{
    private const string Control = "/dev/loop-control";

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_device_is_there_as_far_as_it_is_allowed(string runtime)
    {
        using var place = new TemporaryDirectory();
        string config = place.Write("config.yaml", $"security: {{devices: [{Control}]}}");
        Outcome all = await Run(runtime, config, [$"--device={Control}:/dev/given"], "exec 3<>/dev/given && ls -l /dev/given");
        Assert.Contains("10, 237", all.Succeeded().Text, StringComparison.Ordinal);
        Outcome reads = await Run(runtime, config, [$"--device={Control}:/dev/given:r"], "(exec 3</dev/given) && echo reads; (exec 3>/dev/given) 2>&1 && echo writes; true");
        Assert.Contains("reads", reads.Succeeded().Text, StringComparison.Ordinal);
        Assert.DoesNotContain("writes", reads.Text, StringComparison.Ordinal);
        // A rule opens what the container makes a file of, and makes none.
        string[] rule = ["--device-cgroup-rule", "c 10:237 r", "--cap-add", "MKNOD"];
        Assert.Equal("made", (await Run(runtime, config, rule, "test -e /dev/given || mknod /dev/given c 10 237 && (exec 3</dev/given) && echo made")).Succeeded().Text.Trim());
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task It_is_told_by_inspect_and_explain_and_verify_holds_the_container_to_it(string runtime)
    {
        using var place = new TemporaryDirectory();
        string config = place.Write("config.yaml", $"security: {{devices: [{Control}]}}");
        string[] flags = ["--config", config, "--device", $"{Control}:/dev/given:rw"];
        await using Detached kept = await Detached.Run(runtime, flags, "sleep", "600");
        JsonElement device = Assert.Single((await kept.Inspect()).GetProperty("HostConfig").GetProperty("Devices").EnumerateArray());
        Assert.Equal($$"""{"PathOnHost":"{{Control}}","PathInContainer":"/dev/given","CgroupPermissions":"rw"}""", JsonSerializer.Serialize(device));
        Assert.Contains("c 10:237 rw", (await kept.Try("verify", "--only", "devices", "--format", "json")).Succeeded().Text, StringComparison.Ordinal);
        Assert.Contains($"[{Control}:/dev/given:rw]", (await PodspawnOci.Call(["explain", "--runtime", runtime, .. flags])).Succeeded().Text, StringComparison.Ordinal);
        await kept.Do("restart", "--time", "0");
        (await kept.Exec([], "sh", "-c", "exec 3<>/dev/given")).Succeeded();
        await File.WriteAllTextAsync($"{kept.Cgroup("devices")}/devices.allow", "c 10:229 rw");
        Assert.Contains("c 10:229 rw", (await kept.Try("verify", "--only", "devices")).EndedWith(1).Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_the_config_does_not_give_is_refused_and_leaves_nothing(string runtime)
    {
        string name = Detached.NewName();
        Outcome refused = await PodspawnOci.Call(["create", "--runtime", runtime, "--name", name, "--device", Control, "--rootfs", Repository.Busybox, "true"]);
        Assert.Contains($"--device: the config does not give \"{Control}\"; add it to security.devices", refused.EndedWith(125).Error, StringComparison.Ordinal);
        Assert.False(File.Exists($"/run/podspawn-oci/names/{name}"));
    }

    [Fact]
    public async Task Under_gVisor_the_hosts_are_refused()
    {
        using var place = new TemporaryDirectory();
        string config = place.Write("config.yaml", $"security: {{devices: [{Control}]}}");
        Assert.Contains("none of the host's", (await Run("runsc", config, ["--device", Control], "true")).EndedWith(125).Error, StringComparison.Ordinal);
        Outcome waived = await Run("runsc", config, ["--device", Control, "--allow-unenforced", "device"], $"test ! -e {Control} && echo none");
        Assert.Equal("none", waived.Succeeded().Text.Trim());
    }

    private static Task<Outcome> Run(string runtime, string config, string[] flags, string script) =>
        PodspawnOci.Call(["run", "--config", config, "--runtime", runtime, .. flags, "--rootfs", Repository.Busybox, "--", "sh", "-c", script]);
}
