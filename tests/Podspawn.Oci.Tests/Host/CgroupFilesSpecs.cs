using Podspawn.Oci.Host;
using Podspawn.Oci.Host.Probing;

namespace Podspawn.Oci.Tests.Host;

/// <summary>The values in the files of a cgroup, in both versions.</summary>
public sealed class CgroupFilesSpecs
{
    [Fact]
    public void Version_1_has_a_directory_for_each_controller()
    {
        using TemporaryCgroup cgroup = new TemporaryCgroup()
            .With("cpuacct/box/cpuacct.usage", "22744125\n")
            .With("cpu/box/cpu.cfs_quota_us", "150000\n").With("cpu/box/cpu.cfs_period_us", "100000\n")
            .With("memory/box/memory.usage_in_bytes", "1000000\n").With("memory/box/memory.limit_in_bytes", "2147483648\n")
            .With("memory/box/memory.stat", "inactive_file 1\ntotal_inactive_file 300000\n")
            .With("pids/box/pids.current", "3\n").With("pids/box/pids.max", "256\n")
            .With("blkio/box/blkio.throttle.io_service_bytes_recursive", "8:0 Read 4096\n8:0 Write 512\n8:16 Read 4\n8:16 Total 4\nTotal 4612\n");
        var files = new CgroupFiles(CgroupLayout.Hybrid, "/box", cgroup.Mount);
        Assert.Equal(22744125, files.CpuTime);
        Assert.Equal(1.5m, files.CpuLimit);
        Assert.Equal(700000, files.Memory);
        Assert.Equal(2147483648, files.MemoryLimit);
        Assert.Equal((3, 256), (files.Pids, files.PidsLimit));
        Assert.Equal((4100, 512), files.Disk);
    }

    [Fact]
    public void Version_2_has_one_directory()
    {
        using TemporaryCgroup cgroup = new TemporaryCgroup()
            .With("box/cpu.stat", "usage_usec 22744\nuser_usec 20000\n").With("box/cpu.max", "50000 100000\n")
            .With("box/memory.current", "1000000\n").With("box/memory.max", "2147483648\n").With("box/memory.stat", "anon 5\ninactive_file 300000\n")
            .With("box/pids.current", "3\n").With("box/pids.max", "256\n")
            .With("box/io.stat", "8:0 rbytes=4096 wbytes=512 rios=1 wios=2 dbytes=0 dios=0\n8:16 rbytes=4 wbytes=0 rios=1 wios=0\n");
        var files = new CgroupFiles(CgroupLayout.Unified, "/box", cgroup.Mount);
        Assert.Equal(22744000, files.CpuTime);
        Assert.Equal(0.5m, files.CpuLimit);
        Assert.Equal(700000, files.Memory);
        Assert.Equal(2147483648, files.MemoryLimit);
        Assert.Equal((3, 256), (files.Pids, files.PidsLimit));
        Assert.Equal((4100, 512), files.Disk);
    }

    [Theory]
    [InlineData(CgroupLayout.V1, "cpu/box/cpu.cfs_quota_us", "-1", "memory/box/memory.limit_in_bytes", "9223372036854771712", "pids/box/pids.max")]
    [InlineData(CgroupLayout.Unified, "box/cpu.max", "max 100000", "box/memory.max", "max", "box/pids.max")]
    public void No_limit_is_minus_one(CgroupLayout layout, string cpu, string cpuText, string memory, string memoryText, string pids)
    {
        using TemporaryCgroup cgroup = new TemporaryCgroup().With(cpu, cpuText).With(memory, memoryText).With(pids, "max\n");
        var files = new CgroupFiles(layout, "/box", cgroup.Mount);
        Assert.Equal((-1m, -1L, -1L), (files.CpuLimit, files.MemoryLimit, files.PidsLimit));
    }

    [Theory]
    [InlineData(CgroupLayout.V1)]
    [InlineData(CgroupLayout.Unified)]
    public void A_cgroup_that_is_gone_tells_nothing(CgroupLayout layout)
    {
        var files = new CgroupFiles(layout, "/box", "/nonexistent");
        Assert.Null(files.CpuTime);
        Assert.Null(files.CpuLimit);
        Assert.Null(files.Memory);
        Assert.Null(files.MemoryLimit);
        Assert.Null(files.Pids);
        Assert.Null(files.PidsLimit);
        Assert.Null(files.Disk);
        Assert.Empty(files.Processes());
    }

    [Fact]
    public void The_processes_of_cgroups_below_count_as_well()
    {
        using TemporaryCgroup cgroup = new TemporaryCgroup()
            .With("pids/box/cgroup.procs", "10\n11\n").With("pids/box/inner/deep/cgroup.procs", "12\n").With("pids/box/inner/cgroup.procs", "")
            .With("memory/box/cgroup.procs", "10\n13\n").With("memory/other/cgroup.procs", "14\n");
        Assert.Equal([10, 11, 12, 13], new CgroupFiles(CgroupLayout.V1, "/box", cgroup.Mount).Processes().Order());
        using TemporaryCgroup unified = new TemporaryCgroup().With("box/cgroup.procs", "10\n").With("box/inner/cgroup.procs", "12\n").With("cgroup.procs", "1\n");
        Assert.Equal([10, 12], new CgroupFiles(CgroupLayout.Unified, "/box", unified.Mount).Processes().Order());
    }

    [Fact]
    public void Memory_is_never_less_than_nothing()
    {
        using TemporaryCgroup cgroup = new TemporaryCgroup().With("box/memory.current", "4096\n").With("box/memory.stat", "inactive_file 8192\n");
        Assert.Equal(4096, new CgroupFiles(CgroupLayout.Unified, "/box", cgroup.Mount).Memory);
    }
}
