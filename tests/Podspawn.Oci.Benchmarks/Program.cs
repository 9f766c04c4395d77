using System.Globalization;
using Podspawn.Oci.Benchmarks;

// Usage: PUBLISHED-COMMAND ROOTFS WORK-DIRECTORY RUNS RUNTIME... ; see scripts/bench.
if (args.Length < 5)
{
    Console.Error.WriteLine("bench: want COMMAND ROOTFS WORK-DIRECTORY RUNS RUNTIME...; call it by scripts/bench");
    return 2;
}
var bench = new LaunchBench(args[0], args[1], args[2], int.Parse(args[3], CultureInfo.InvariantCulture));
bool within = true;
foreach (string runtime in args[4..])
    within &= bench.Measure(runtime);
return within ? 0 : 1;
