using System.Globalization;
using CsCheck;

namespace Rx.Sse.Tests.Reliability.Fuzzing;

/// <summary>
/// Generates responses that servers, proxies and attackers might send: every status, and unusual content types and
/// headers.
/// </summary>
internal static class HostileHeads
{
    public static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<int> Status = Gen.Frequency<int>(
        (4, Gen.Const(200)), (1, Gen.Const(204)), (3, Gen.OneOf(408, 429, 500, 502, 503, 504)),
        (2, Gen.OneOf(201, 202, 205, 206, 301, 302, 304, 307, 400, 401, 403, 404, 410, 501, 505)),
        (1, Gen.Int[200, 999]));

    private static readonly Gen<ContentType> ContentTypes = Gen.Frequency<ContentType>(
        (3, Gen.OneOf<string>(
            "text/event-stream", "Text/EVENT-Stream", "text/event-stream; charset=utf-8",
            "text/event-stream;charset=\"klingon\"", "text/event-stream ; a=b; c=\"d;e\\\"\"", " text/event-stream ",
            "text/event-stream; charset=utf-8; charset=latin1", "text/event-stream;",
            "text/event-stream;;charset=utf-8", "text/event-stream; charset", "text/event-stream; =",
            "text/event-stream; x bogus",
            "text/event-stream; a=\"").Select(text => new ContentType(text, true))),
        (2, Gen.OneOf<string?>(
            null, "", " ", "text/plain", "text/html; charset=utf-8", "application/json", "application/x-ndjson",
            "text/event-streams", "text/event-stream/", "text/event", "event-stream", "*/*", "text/*",
            ";text/event-stream", "text; event-stream", "x; text/event-stream", "\"text/event-stream\"",
            "téxt/event-stream", "text\\event-stream",
            "text/event-stream\0", "text/event-stream x").Select(text => new ContentType(text, false))),
        (1, Gen.OneOf(
            "text/event-stream,text/event-stream", "text/html, text/event-stream", "text/event-stream, nonsense",
            "text/event-stream; a=\",text/html\"").Select(text => new ContentType(text, true))),
        (1, Gen.OneOf(
            "text/event-stream, text/html",
            "text/html; a=\",text/event-stream\"").Select(text => new ContentType(text, false))));

    private static readonly Gen<RetryAfter> RetryAfters = Gen.Frequency<RetryAfter>(
        (3, Gen.Const(new RetryAfter(null, null))),
        (2, Gen.OneOf(0, 1, 2, 7, 120, 86_400, 2_147_483, 2_147_484, int.MaxValue)
            .Select(seconds => new RetryAfter(seconds.ToString(CultureInfo.InvariantCulture), seconds))),
        (2, Gen.OneOf(
            "", " ", "soon", "-1", "+1", "0x10", "\u0663", "7, 8", "7;8", "Wed, 21 Oct 2099", "\0")
            .Select(text => new RetryAfter(text, null))),
        (1, Gen.OneOf(
            ("1.5", 2), ("7.000001", 8), ("0.0", 0), ("2147483648", int.MaxValue),
            ("99999999999999999999", int.MaxValue), (new string('9', 400), int.MaxValue))
            .Select(value => new RetryAfter(value.Item1, value.Item2))),
        (1, Gen.Int[-100_000, 100_000].Select(seconds => new RetryAfter(
            Now.AddSeconds(seconds).ToString("R", CultureInfo.InvariantCulture), Math.Max(0, seconds)))),
        (1, Gen.OneOf("Fri, 01 Jan 0001 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT").Select(text => new RetryAfter(
            text, text.Contains("9999", StringComparison.Ordinal) ? int.MaxValue : 0))));

    private static readonly Gen<string> Value = Gen.Frequency<string>(
        (2, Gen.OneOf(
            "", " ", "x", "0", "-1", "*", "é", "\u0001", "\u007F", "\"", "a=b; c", ",,,", "gzip, br",
            "18446744073709551616")),
        (1, Gen.Char[' ', '~'].Array[0, 60].Select(characters => new string(characters))),
        (1, Gen.Int[0, 20_000].Select(length => new string('h', length))));

    private static readonly Gen<(string Name, string Value)> Header = Gen.Select(
        Gen.OneOf(
            "Content-Encoding", "Content-Disposition", "Content-Range", "Transfer-Encoding", "Location", "Set-Cookie",
            "Date", "Age", "Warning", "Link", "Refresh", "ETag", "Vary", "Via",
            "Connection", "Keep-Alive", "Upgrade", "Server", "X-Odd"),
        Value);

    private static readonly Gen<string> Body = Gen.Frequency<string>(
        (4, Gen.OneOf("", "{\"error\":1}", "data: x\n\n", "<html>")),
        (1, Gen.Int[65_000, 66_000].Select(length => new string('b', length))));

    public static Gen<HostileHead> Any { get; } = Gen.Select(
        Gen.Select(Status, ContentTypes, RetryAfters), Header.Array[0, 4], Body,
        (head, headers, body) =>
        {
            (int status, ContentType contentType, RetryAfter retryAfter) = head;
            (string, string)[] all = retryAfter.Text is null ? headers : [("Retry-After", retryAfter.Text), .. headers];
            bool hasBody = !contentType.IsEventStream || status != 200;
            return new HostileHead(status, contentType, retryAfter, all, hasBody ? body : "");
        });
}
