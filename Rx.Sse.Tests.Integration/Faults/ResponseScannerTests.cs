using System.Text;
using Rx.Sse.Tests.Reliability.Proxy;
using static Rx.Sse.Tests.Reliability.Proxy.FaultPlace;

namespace Rx.Sse.Tests.Integration.Faults;

/// <summary>
/// How the proxy determines its position in a response. One character here is one byte, so an é is two characters.
/// </summary>
internal sealed class ResponseScannerTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static readonly string Settings = Frame(type: 4, flags: 0, "settings");
    private static readonly string Headers = Frame(type: 1, flags: 4, "abc");
    private static readonly string HeadersAlone = Frame(type: 1, flags: 5, "abc");
    private static readonly string HalfAnEvent = Frame(type: 0, flags: 0, "data:\u00C3");
    private static readonly string OtherHalf = Frame(type: 0, flags: 0, "\u00A9\n\n");
    private static readonly string End = Frame(type: 0, flags: 1, "");
    private static readonly string Reset = Frame(type: 3, flags: 0, "code");

    private static readonly TestCaseData[] Http2Bytes =
    [
        After("Nothing", "", BeforeHeaders),
        After("Settings", Settings, None),
        After("HalfOfTheSettings", Settings[..^4], None),
        After("HalfOfTheHeaders", Settings + Headers[..^1], InHeaders),
        After("Headers", Settings + Headers, BetweenEvents),
        After("HeadersWithoutABody", HeadersAlone, None),
        After("HalfOfAHead", Headers + HalfAnEvent[..5], InChunkHead | BetweenEvents),
        After("HalfOfAFrame", Headers + HalfAnEvent[..^1], InChunk | InEvent),
        After("HalfOfACharacter", Headers + HalfAnEvent, InCharacter | InEvent),
        After("AnotherFrameInBetween", Headers + HalfAnEvent + Settings, InCharacter | InEvent),
        After("AnEvent", Headers + HalfAnEvent + OtherHalf, BetweenEvents, 1),
        After("TheEnd", Headers + HalfAnEvent + OtherHalf + End, None, 1),
        After("AReset", Headers + HalfAnEvent + Reset, None),
        After("HeadersAgain", Headers + HalfAnEvent + Headers, BetweenEvents),
    ];

    [TestCase("", BeforeHeaders)]
    [TestCase("HTTP/1.1 2", InHeaders)]
    [TestCase("HTTP/1.1 204 No Content\r\n\r\n", BeforeHeaders)]
    [TestCase(Head, BetweenEvents)]
    [TestCase(Head + "6\r", InChunkHead | BetweenEvents)]
    [TestCase(Head + "6\r\n", InChunk | BetweenEvents)]
    [TestCase(Head + "6\r\ndata", InChunk | InEvent)]
    [TestCase(Head + "6\r\ndata:\u00C3", InChunkHead | InCharacter | InEvent)]
    [TestCase(Head + "6\r\ndata:\u00C3\r\n", InCharacter | InEvent)]
    [TestCase(Head + "9\r\ndata:\u00C3", InChunk | InCharacter | InEvent)]
    [TestCase(Head + "9\r\ndata:\u00C3\u00A9\n", InChunk | InEvent)]
    [TestCase(Head + "9\r\ndata:\u00C3\u00A9\n\n", InChunkHead | BetweenEvents, 1)]
    [TestCase(Head + "9\r\ndata:\u00C3\u00A9\n\n\r\n", BetweenEvents, 1)]
    [TestCase(Head + "A\r\ndata:\u00C3\u00A9\n\n:", InChunkHead | InEvent, 1)]
    [TestCase(Head + "9\r\ndata:\u00C3\u00A9\n\n\r\n0\r\n", InChunkHead | BetweenEvents, 1)]
    [TestCase(Head + "9\r\ndata:\u00C3\u00A9\n\n\r\n0\r\n\r\n", BeforeHeaders, 1)]
    [TestCase(Head + "7\r\ndata:\u00C3\u00A9\r\n0\r\n\r\n" + Head, BetweenEvents)]
    public void Http1_AfterTheseBytes_KnowsThePlace(string bytes, FaultPlace place, int events = 0) =>
        AssertPlace(new Http1Scanner(), bytes, place, events);

    [TestCaseSource(nameof(Http2Bytes))]
    public void Http2_AfterTheseFrames_KnowsThePlace(string bytes, FaultPlace place, int events) =>
        AssertPlace(new Http2Scanner(), bytes, place, events);

    private static void AssertPlace(ResponseScanner scanner, string bytes, FaultPlace place, int events)
    {
        foreach (byte value in Encoding.Latin1.GetBytes(bytes))
            scanner.Feed(value);

        Assert.That((scanner.Place, scanner.Events), Is.EqualTo((place, events)));
    }

    private static TestCaseData After(string what, string bytes, FaultPlace place, int events = 0) =>
        new(bytes, place, events) { TestName = $"Http2_After{what}_KnowsThePlace" };

    private static string Frame(byte type, byte flags, string payload) =>
        $"\0\0{(char)payload.Length}{(char)type}{(char)flags}\0\0\0\u0001{payload}";
}
