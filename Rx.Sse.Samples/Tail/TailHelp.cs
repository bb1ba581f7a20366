using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Rx.Sse.Samples.Tail;

/// <summary>The standard help, followed by examples and exit codes.</summary>
internal sealed class TailHelp(string program) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int exitCode = new HelpAction().Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine($"""
            Examples:
              {program} https://example.com/orders
              {program} https://example.com/orders --event paid --json | jq .data
              {program} https://example.com/orders --raw --since-file orders.last >> orders.txt
              {program} https://example.com/jobs/7 --event done --count 1 --timeout 60 && echo finished
              {program} https://example.com/orders --record outage.txt

            Without --raw and --json, a line has the time, the event type, the ID if there is one, and the data. What
            happens to the connection is written to standard error. A POST is sent once, whatever --retries says.

            Exit codes:
              0    success: the server ended the stream for good, --count or --timeout was reached, or the reader of
                   the pipe has gone
              1    failure: the server cannot be reached or does not send an event stream, or fewer events than --count
              2    wrong arguments
              130  interrupted

            """);
        return exitCode;
    }
}
