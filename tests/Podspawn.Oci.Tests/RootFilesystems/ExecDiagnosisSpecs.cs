using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Tests.RootFilesystems;

/// <summary>Why execve(2) must have refused a program, judged by its file.</summary>
public sealed class ExecDiagnosisSpecs : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("#!/no/such\n", "needs the interpreter '/no/such', which is not in the root filesystem", true)]
    [InlineData("#!/etc\n", "needs the interpreter '/etc', which cannot be executed", false)]
    [InlineData("#!/etc/plain\n", "needs the interpreter '/etc/plain', which cannot be executed", false)]
    [InlineData("#!/etc/other\n", "needs the interpreter '/etc/other', which needs the interpreter '/no/such', which is not in the root filesystem", true)]
    [InlineData("#!/mnt/volume/other\n", "needs the interpreter '/mnt/volume/other', which cannot be executed: it is neither a program for this machine nor a script", false)]
    [InlineData("#!/bin/command\n", null, false)]
    [InlineData("", "cannot be executed: it is neither a program for this machine nor a script", false)]
    [InlineData("echo hello\n", "cannot be executed: it is neither a program for this machine nor a script", false)]
    public void A_text_is_as_good_as_its_interpreter(string content, string? reason, bool notFound)
    {
        directory.Write("etc/plain", "");
        directory.Write("etc/other", "#!/no/such\n", Executable);
        directory.Write("volume/other", "text", Executable);
        Is(content, reason, notFound);
    }

    [Fact]
    public void A_program_is_looked_into_as_far_as_the_kernel_does_before_it_gives_the_old_one_up()
    {
        byte[] whole = File.ReadAllBytes("/proc/self/exe");
        Assert.Null(Why(whole));
        Assert.Equal(("cannot be executed: it is cut short or broken", false), Why(whole[..64]));
        Assert.Equal(("cannot be executed: it is neither a program for this machine nor a script", false), Why(whole[..40]));
        byte[] other = [.. whole];
        other[18] ^= 0xFF;
        Assert.Equal(("cannot be executed: it is neither a program for this machine nor a script", false), Why(other));
        byte[] noProgram = [.. whole];
        noProgram[16] = 1; // ET_REL
        Assert.Equal(("cannot be executed: it is cut short or broken", false), Why(noProgram));
    }

    private void Is(string content, string? reason, bool notFound)
    {
        // A script that is its own interpreter is refused in the end (ELOOP); the kernel follows four of them.
        (string Reason, bool NotFound)? found = Why(System.Text.Encoding.UTF8.GetBytes(content));
        if (reason is null)
            Assert.EndsWith("which cannot be executed", found!.Value.Reason, StringComparison.Ordinal);
        else
            Assert.Equal((reason, notFound), found);
    }

    private (string Reason, bool NotFound)? Why(byte[] content)
    {
        string root = Directory.CreateDirectory($"{directory.Path}/root/bin").Parent!.FullName;
        string command = $"{root}/bin/command";
        File.WriteAllBytes(command, content);
        File.SetUnixFileMode(command, Executable);
        foreach (string loader in new[] { "/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(root + loader)!);
            File.WriteAllText(root + loader, "");
            File.SetUnixFileMode(root + loader, Executable);
        }
        if (Directory.Exists($"{directory.Path}/etc") && !Directory.Exists($"{root}/etc"))
            Directory.Move($"{directory.Path}/etc", $"{root}/etc");
        using RootFilesystem opened = RootFilesystem.Open(root);
        return ExecDiagnosis.WhyRefused(opened, "/bin/command", "/", [], [new VolumeMount($"{directory.Path}/volume", "/mnt/volume")]);
    }
}
