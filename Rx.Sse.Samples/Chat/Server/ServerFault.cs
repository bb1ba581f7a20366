namespace Rx.Sse.Samples.Chat.Server;

/// <summary>What can be made to go wrong at the embedded server, by the names of the command line.</summary>
internal static class ServerFault
{
    /// <summary>The key is refused: 401.</summary>
    public const string Fail = "fail";

    /// <summary>There have been too many questions: 429, with <c>Retry-After</c>.</summary>
    public const string Busy = "busy";

    /// <summary>An error is reported in the midst of the answer.</summary>
    public const string Error = "error";

    /// <summary>The answer stops half-way, and the connection stays open.</summary>
    public const string Stall = "stall";

    /// <summary>The connection breaks in the midst of the answer.</summary>
    public const string Drop = "drop";

    /// <summary>The response ends in the midst of the answer, as if that were the whole.</summary>
    public const string End = "end";

    public static string[] All { get; } = [Fail, Busy, Error, Stall, Drop, End];
}
