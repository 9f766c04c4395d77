using System.Globalization;
using Podspawn.Oci.Benchmarks;

// Usage: launch|life|streams|filter|network COMMAND ROOTFS WORK-DIRECTORY RUNS RUNTIME... | images|list COMMAND ROOTFS WORK-DIRECTORY RUNS |
// against COMMAND ROOTFS OTHER-COMMAND RUNS RUNTIME...; see scripts/bench.
switch (args)
{
    case ["launch", string command, string rootfs, string work, string runs, ..] when args.Length > 5:
        var launch = new LaunchBench(command, rootfs, work, int.Parse(runs, CultureInfo.InvariantCulture));
        bool within = true;
        foreach (string runtime in args[5..])
            within &= launch.Measure(runtime);
        return within ? 0 : 1;
    case ["streams", string command, string rootfs, _, string runs, ..] when args.Length > 5:
        var streams = new StreamBench(command, rootfs, int.Parse(runs, CultureInfo.InvariantCulture));
        bool pass = true;
        foreach (string runtime in args[5..])
            pass &= streams.Measure(runtime);
        return pass ? 0 : 1;
    case ["filter", string command, string rootfs, string work, string runs, ..] when args.Length > 5:
        var filter = new FilterBench(command, rootfs, work, int.Parse(runs, CultureInfo.InvariantCulture));
        foreach (string runtime in args[5..])
            filter.Measure(runtime);
        return 0;
    case ["images", string command, string rootfs, string work, string runs]:
        return await new ImageBench(command, rootfs, work, int.Parse(runs, CultureInfo.InvariantCulture)).Measure() ? 0 : 1;
    case ["life", string command, string rootfs, string work, string runs, ..] when args.Length > 5:
        var life = new LifeBench(command, rootfs, work, int.Parse(runs, CultureInfo.InvariantCulture));
        bool lives = true;
        foreach (string runtime in args[5..])
            lives &= life.Measure(runtime);
        return lives ? 0 : 1;
    case ["list", string command, string rootfs, string work, string runs]:
        return new LifeBench(command, rootfs, work, int.Parse(runs, CultureInfo.InvariantCulture)).MeasureList() ? 0 : 1;
    case ["network", string command, string rootfs, string work, string runs, ..] when args.Length > 5:
        var network = new NetworkBench(command, rootfs, work, int.Parse(runs, CultureInfo.InvariantCulture));
        bool connects = true;
        foreach (string runtime in args[5..])
            connects &= network.Measure(runtime);
        return connects ? 0 : 1;
    case ["against", string command, string rootfs, string other, string runs, ..] when args.Length > 5:
        var against = new AgainstBench(command, other, rootfs, int.Parse(runs, CultureInfo.InvariantCulture));
        bool noSlower = true;
        foreach (string runtime in args[5..])
            noSlower &= against.Measure(runtime);
        return noSlower & against.MeasureList() ? 0 : 1;
    default:
        Console.Error.WriteLine("bench: want launch, life, streams, filter, network, images, list or against, COMMAND ROOTFS WORK-DIRECTORY RUNS [RUNTIME...]; call it by scripts/bench");
        return 2;
}
