using CliWrap;

namespace Podspawn.Oci.RuntimeTests.Launching;

/// <summary>What is made in a container, and what a container's processes make, has the mask 0022, whatever mask the caller has.</summary>
public sealed class FileMaskSpecs
{
    // A working directory and mount points that the root lacks, made by us and by the runtime.
    private static readonly string[] Making = ["--workdir", "/made/work", "--volume", "/usr/lib:/mounted/volume:ro", "--tmpfs", "/covered/tmp"];

    private const string Tell =
        "umask; : >/tmp/own; mkdir /tmp/folder; stat -c %a /tmp/own /tmp/folder /made /made/work /etc/hosts /etc/hostname /etc/resolv.conf; " +
        "stat -c %a /mounted /covered | sed s/^1//"; // crun makes mount points sticky

    // runsc 2022 makes the directory above a tmpfs itself, inside of the Sentry, and with a mode of its own.
    private static string[] UsualOf(string runtime) => ["0022", "644", "755", "755", "755", "644", "644", "644", "755", runtime == "runsc" ? "777" : "755"];

    public static TheoryData<string, string> Cells
    {
        get
        {
            var cells = new TheoryData<string, string>();
            foreach (string runtime in new[] { "runc", "crun", "runsc" })
            {
                foreach (string mask in new[] { "000", "077", "027", "0777" })
                    cells.Add(runtime, mask);
            }
            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task The_callers_mask_is_none_of_the_containers(string runtime, string mask)
    {
        string[] usual = UsualOf(runtime);
        Assert.Equal(usual, (await CallWith(mask, ["run", "--runtime", runtime, "--rootfs", Repository.Busybox, .. Making, "--", "sh", "-c", Tell])).Succeeded().Lines);

        string name = Detached.NewName();
        string[] launch = ["run", "--detach", "--name", name, "--runtime", runtime, "--rootfs", Repository.Busybox, .. Making];
        string id = (await CallWith(mask, [.. launch, "--", "sh", "-c", $"{Tell}; exec sleep 600"])).Succeeded().Lines[0];
        try
        {
            string clean = "rm -r /tmp/own /tmp/folder; ";
            await Eventually.Holds("the container has told", async () => (await PodspawnOci.Call(["logs", name])).Lines.Length == usual.Length);
            Assert.Equal(usual, (await PodspawnOci.Call(["logs", name])).Lines);
            Assert.Equal(usual, (await CallWith(mask, ["exec", name, "sh", "-c", clean + Tell])).Succeeded().Lines);
            Assert.Equal(usual, (await CallWith(mask, ["exec", "--workdir", "/tmp", name, "sh", "-c", clean + Tell])).Succeeded().Lines);
            (await CallWith(mask, ["exec", "--detach", name, "sh", "-c", $"{clean}({Tell}) >/tmp/told; echo done >>/tmp/told"])).Succeeded();
            string[] told = [];
            await Eventually.Holds("the process in the background has told", async () =>
                (told = (await PodspawnOci.Call(["exec", name, "cat", "/tmp/told"])).Lines) is [.., "done"]);
            Assert.Equal([.. usual, "done"], told);
            (await CallWith(mask, ["stop", "--time", "0", name])).Succeeded();
            (await CallWith(mask, ["start", name])).Succeeded();
            Assert.Equal("0022", (await CallWith(mask, ["exec", name, "sh", "-c", "umask"])).Succeeded().Lines[0]);
        }
        finally
        {
            (await PodspawnOci.Call(["rm", "--force", id])).Succeeded();
        }
    }

    [Fact]
    public async Task What_is_made_above_an_archives_entries_is_the_containers()
    {
        string directory = Directory.CreateTempSubdirectory("podspawn-oci-").FullName;
        try
        {
            Directory.CreateDirectory($"{directory}/deep/er");
            await File.WriteAllTextAsync($"{directory}/deep/er/file", "");
            Tool.Run("tar", "--create", "--file", $"{directory}/archive", "--directory", directory, "deep/er/file");
            await using Detached kept = await Detached.Run("crun", [], "sleep", "600");
            await Outcome.Of(Cli.Wrap("sh").WithArguments(["-c", "umask 077; exec \"$0\" cp - \"$1:/tmp\" <\"$2\"", Repository.Command, kept.Name, $"{directory}/archive"]));
            Assert.Equal(["755", "755"], (await kept.Exec([], "stat", "-c", "%a", "/tmp/deep", "/tmp/deep/er")).Succeeded().Lines);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task What_is_made_for_the_caller_has_the_callers_mask()
    {
        string directory = Directory.CreateTempSubdirectory("podspawn-oci-").FullName;
        try
        {
            await using Detached kept = await Detached.Run("crun", [], "sh", "-c", "mkdir /tmp/d; exec sleep 600");
            await kept.UntilCommand("sleep");
            (await CallWith("077", ["export", "--output", $"{directory}/archive", kept.Name])).Succeeded();
            Assert.Equal("600", Tool.Run("stat", "-c", "%a", $"{directory}/archive").Trim());
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static Task<Outcome> CallWith(string mask, string[] arguments) =>
        Outcome.Of(Cli.Wrap("sh").WithArguments(["-c", "umask \"$1\"; shift; exec \"$@\"", "sh", mask, Repository.Command, .. arguments]));
}
