using System.Text;
using System.Text.Json;
using Podspawn.Oci.Cli.Templates;

namespace Podspawn.Oci.Fuzzing.Targets;

/// <summary>A Go template, read and filled in with values of every kind, as a row and as a whole. It ends, and takes no more memory than a large text does.</summary>
internal static class TemplateTarget
{
    // A template may make a text of 64 MiB in pieces of 8: what it uses on the way is a multiple of that, and no multiple of its loops.
    private const long MostMemory = 8L << 30;

    private const long MostCharacters = 1L << 28;

    private const string Values = """
        {
          "ID": "4bc5f1a2d3e6", "Name": "web", "Number": 42, "Negative": -7, "Big": 18446744073709551615, "Half": 0.5, "Huge": 1e21, "Yes": true, "Nil": null, "Empty": "",
          "Cmd": ["sh", "-c", "sleep 1"], "Mixed": ["a", 1, true, null, [1, [2]]], "None": [], "Labels": {"a": "one", "com.example.x": "dotted"},
          "Mounts": [{"Source": "/s1"}, {"Source": "/s2"}], "Bad": "a\u001b[31mb\u202ec\ne"
        }
        """;

    // Made with the first input: code that counts where it has been needs the memory that the fuzzer shares only then.
    private static readonly Lazy<GoStruct> Made = new(() => RowOf(Values));

    internal static FuzzTarget Target { get; } = new("template", [typeof(TemplateException)], Read);

    private static void Read(byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        GoStruct row = Made.Value;
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Template template = Template.Parse(text);
            string filled = template.Require("the value", [.. row.Names]).Render([row, row]);
            Promise.Hold(filled.Length <= MostCharacters, "a text has a bound");
            // What is described reaches no terminal as it is; what stands in the template is the user's.
            Promise.Hold(filled.Contains('\u001b') == false || text.Contains('\\') || text.Contains('\u001b'), "an escape of what is described is written in words");
        }
        finally
        {
            Promise.Hold(GC.GetAllocatedBytesForCurrentThread() - before <= MostMemory, "a template takes a bounded amount of memory");
        }
    }

    private static GoStruct RowOf(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return new GoStruct("the value", [.. document.RootElement.EnumerateObject().Select(one => KeyValuePair.Create(one.Name, JsonValues.Of(one.Value.Clone())))], []);
    }
}
