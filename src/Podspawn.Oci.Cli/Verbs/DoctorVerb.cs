using System.CommandLine;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Diagnosis;
using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>doctor</c>: reports what this host has and lacks.</summary>
internal static class DoctorVerb
{
    internal static Command Create()
    {
        Option<string> format = Formats.Option();
        var verb = new Command("doctor", """
            Say what this host has and lacks, and how to mend it; and which published faults its runtimes are open to, whether a check
            of ours closes them, and the release that has a fix. Exit status 1 when nothing can be launched.

            Examples:
              podspawn-oci doctor
              podspawn-oci doctor --format json
            """)
        {
            format,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            IReadOnlyList<Examination> examinations = Doctor.Examine(OwnProgram.Signals);
            if (Formats.IsJson(parsed.GetValue(format)))
                Json.Write(new DoctorReport(Doctor.CanLaunch(examinations), examinations), JsonReports.Default.DoctorReport);
            else
                Print(examinations);
            return Doctor.CanLaunch(examinations) ? ExitCodes.Success : ExitCodes.Failure;
        }));
        return verb;
    }

    private static void Print(IReadOnlyList<Examination> examinations)
    {
        var table = new TextTable("", "what", "found", "mend");
        foreach (Examination examination in examinations)
        {
            string mark = examination.Health switch { Health.Good => "ok", Health.Noted => "note", Health.Limited => "lacks", Health.Exposed => "open", _ => "FAIL" };
            table.Add(mark, examination.Subject, examination.Found, examination.Hint);
        }
        table.Print();
        Streams.Output.WriteLine(Doctor.CanLaunch(examinations) ? "hardened containers can be launched here"
            : "nothing can be launched here until the lines marked FAIL are mended");
    }
}
