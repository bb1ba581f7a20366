using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Rx.Sse.Samples.Tail;

/// <summary>The usual help, and what options alone don't tell.</summary>
internal sealed class TailHelp(string command) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int exitCode = new HelpAction().Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine($"""
            Examples:
              {command} https://example.com/orders
              {command} https://example.com/orders --event paid --json | jq .data
              {command} https://example.com/orders --raw --since-file orders.last >> orders.txt
              {command} https://example.com/jobs/7 --event done --count 1 --timeout 60 && echo finished
              {command} https://example.com/orders --record outage.txt

            Exit codes:
              0    ended as it should: the server said that there is no more, enough events or time, the reader gone
              1    failed: the server cannot be reached, or answers with something else; fewer events than --count
              2    the arguments make no sense
              130  interrupted

            """);
        return exitCode;
    }
}
