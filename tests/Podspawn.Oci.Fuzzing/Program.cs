using Podspawn.Oci.Fuzzing;
using SharpFuzz;

// TARGET: reads the inputs of afl-fuzz, again and again. TARGET FILE...: reads each file once, and prints the result.
if (args.Length == 0 || FuzzTargets.Find(args[0]) is not { } target)
{
    Console.Error.WriteLine($"fuzzing: name a target before the files: {string.Join(", ", FuzzTargets.All.Select(one => one.Name))}");
    return 2;
}

if (args.Length == 1)
{
    Fuzzer.OutOfProcess.Run(stream =>
    {
        using var input = new MemoryStream();
        stream.CopyTo(input);
        target.Run(input.ToArray());
    });
    return 0;
}

int finds = 0;
foreach (string file in args[1..])
{
    try
    {
        target.Run(File.ReadAllBytes(file));
        Console.WriteLine($"{file}: good");
    }
    catch (Exception e)
    {
        finds++;
        Console.WriteLine($"{file}: {e}");
    }
}
return finds == 0 ? 0 : 1;
