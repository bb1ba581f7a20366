using System.Net;
using System.Runtime.InteropServices;
using Rx.Sse.Tests.Integration.NetFramework;

// NetFramework.csproj says how to run this program. With an argument, only checks whose name contains it are run.
Func<HttpClient, Task>[] checks =
[
    StreamChecks.Events_OneByOne_ArriveAtOnce,
    StreamChecks.Event_OfFiveMegabytes_IsWhole,
    StreamChecks.Event_ByteByByte_IsDecoded,
    StreamChecks.Body_OfKnownLength_EndsTheStream,
    StreamChecks.Body_EndedByClose_EndsTheStream,
    StreamChecks.Post_WithASentinel_SendsItsBody,
    StreamChecks.Signals_TellOfEachConnection,
    StreamChecks.Diagnostics_ReachListeners,
    StreamChecks.Typed_ReadsBytes,
    StreamChecks.ParseSse_AnyCut_GivesTheSame,
    ResumeChecks.Close_ResumesAfterTheLastEvent,
    ResumeChecks.Reset_ResumesAfterTheLastEvent,
    ResumeChecks.RegularEnd_ResumesAfterTheLastEvent,
    ResumeChecks.RegularEnds_ShareAConnection,
    ResumeChecks.IdleTimeout_ResumesAfterTheLastEvent,
    ResumeChecks.RetryAfter_IsWaitedOut,
    ResumeChecks.ResetBeforeTheResponse_IsRetried,
    ResumeChecks.Refused_IsRetriedUntilTheServerIsThere,
    ResumeChecks.Redirect_KeepsTheId,
    ResumeChecks.Post_ThatMayBeResent_SendsItsBodyAgain,
    ResumeChecks.IdBeyondAscii_IsSentInUtf8OrNotAtAll,
    EndChecks.NoContent_Completes,
    EndChecks.OtherContentType_Fails,
    EndChecks.ErrorStatus_FailsWithItsBody,
    EndChecks.ContentTypeWithParameters_IsAccepted,
    EndChecks.NobodyListens_Fails,
    EndChecks.ClientTimeout_BeforeTheHeaders_Fails,
    EndChecks.ClientTimeout_DoesNotLimitTheStream,
    EndChecks.IdleTimeout_ClosesTheConnection,
    DisposalChecks.Dispose_BeforeTheHeaders_ClosesTheConnection,
    DisposalChecks.Dispose_WhileReading_ClosesTheConnection,
    DisposalChecks.Dispose_WithinOnNext_ClosesTheConnection,
    DisposalChecks.Dispose_WithinOnNextOfAFlood_ClosesTheConnection,
    DisposalChecks.Dispose_WithinOpened_ClosesTheConnection,
    DisposalChecks.Dispose_OfAHundredStreams_LeavesNoSocket,
];

// The default for HttpWebRequest is two connections per server.
ServicePointManager.DefaultConnectionLimit = 1_000;
Console.WriteLine(RuntimeInformation.FrameworkDescription);
int failed = 0;
foreach (Handler handler in Handler.All)
{
    Handler.Current = handler;
    int passed = 0;
    Func<HttpClient, Task>[] chosen = [.. checks.Where(check => args.All(check.Method.Name.Contains))];
    foreach (Func<HttpClient, Task> check in chosen)
    {
        try
        {
            using HttpClient client = handler.CreateClient();
            await Expect.InTimeAsync(Task.Run(() => check(client)), TimeSpan.FromSeconds(30));
            passed++;
        }
        catch (Exception exception)
        {
            Console.WriteLine($"{check.Method.Name} has failed: {exception}");
            failed++;
        }
    }

    Console.WriteLine($"{passed} of {chosen.Length} checks passed on the {handler.Name}.");
}

// Does not just return, because a check that hangs may have left a foreground thread running.
Environment.Exit(failed == 0 ? 0 : 1);
