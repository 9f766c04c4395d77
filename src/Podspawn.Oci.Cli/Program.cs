using System.CommandLine;
using Podspawn.Oci.Cli;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Cli.Reading;
using Podspawn.Oci.Cli.Verbs;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;

// Messages name settings and operations as users type them.
CallerNames.Use(setting => $"--{setting}", operation => $"podspawn-oci {operation}");
ClosedStreams.Fill();
InheritedAttributes.Reset();
ProcessCalls.ExpectChildren();
IgnoredSignals.Reset();
OwnProgram.KeepIgnoring();
if (CurrentDirectory.LeaveIfGone())
    Failures.Report("the current directory is gone, so relative paths lead nowhere; change to another, or write paths from the root");
if (ArgumentText.IsChanged(args))
{
    Failures.Report("an argument is not UTF-8, and would be passed on changed; write it in UTF-8, or let a shell inside make it");
    return ExitCodes.LaunchFailed;
}
ParseResult parsed;
try
{
    parsed = CommandLine.Read(args);
    ProgramFlags.Check(parsed);
}
catch (MissingVerbException e)
{
    Failures.Report(e);
    CommandLine.Read(e.Help).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = Streams.Error, Error = Streams.Error });
    return e.ExitStatus;
}
catch (PodspawnException e)
{
    Failures.Report(e);
    return e.ExitStatus;
}
if (parsed.Errors.Count > 0 && parsed.Action is System.CommandLine.Invocation.ParseErrorAction)
{
    Failures.Report(parsed.Errors[0].Message);
    return ExitCodes.LaunchFailed;
}
if (NoteFlags.WantsNoOutput(parsed))
    Streams.DropOutput();
// Every command first cleans up after killed launchers, whatever it does itself. Not gc, which may be asked only to report; and not a command that a
// monitor calls, in whose mount namespace some cgroups may be hidden.
if (parsed.CommandResult.Command.Name is not (GcVerb.Name or CleanupVerb.Name or CleanupVerb.OldName))
    Recovery.Attempt();
// The verbs handle signals themselves: the container's process gets them, and our clean-up runs in any case.
int status;
try
{
    status = parsed.Invoke(new InvocationConfiguration
    {
        ProcessTerminationTimeout = null,
        EnableDefaultExceptionHandler = false,
        Output = Streams.Output,
        Error = Streams.Error,
    });
}
catch (IOException e)
{
    // Only help and the like come here: every verb reports its own failures. The output may have lost its reader.
    Failures.Report(e.Message);
    status = ExitCodes.LaunchFailed;
}
// Reaps processes that a runtime left to us, the subreaper, and that have ended: not every init adopts orphans.
if (RuntimeProcess.AwaitReaped())
    ProcessCalls.ReapOrphans();
// Everything is written and cleaned up: the .NET runtime's own shutdown would only cost time.
ProcessCalls.ExitNow(status);
return status;
