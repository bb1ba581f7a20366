using System.Text;
using CsCheck;

namespace Rx.Sse.Tests.Reliability.Fuzzing;

/// <summary>
/// Generates the bytes of responses: unusual ones that must work, and all kinds of broken ones that must do no harm.
/// </summary>
internal static class RawHeads
{
    private const string Event = "data: good\n\n";

    private static readonly Gen<string> GoodStatus = Gen.OneOf(
        "HTTP/1.1 200 OK",
        "HTTP/1.0 200 OK",
        "HTTP/1.1 200 ",
        "HTTP/1.1 200 Alles in Ordnung",
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK");

    private static readonly Gen<string> GoodType = Gen.OneOf(
        "Content-Type: text/event-stream", "content-type:TEXT/EVENT-STREAM", "CONTENT-TYPE: \t text/event-stream \t",
        "Content-Type: text/event-stream;charset=utf-8", "Content-Type: text/event-stream; charset=\"x\"; y=z",
        "Content-Type: text/event-stream;", "Content-Type: text/event-stream;x bogus");

    private static readonly Gen<string> GoodHeader = Gen.OneOf(
        "X-Empty:", "Server: é", "Set-Cookie: a=b; Path=/; HttpOnly", "Set-Cookie: =", "Date: yesterday",
        "Retry-After: soon", "Cache-Control: no-cache, ,no-store=x", "Vary: *", "Via: 1.1 a, 1.1 b",
        "X-Odd: \u0001\u007F",
        "X-Long: " + new string('h', 10_000), "Keep-Alive: timeout=-5", "Alt-Svc: h3=\":443\"", "WWW-Authenticate: x",
        "Age: -1", "Expires: 0");

    private static readonly Gen<string> GoodFraming = Gen.OneOf(
        $"\r\n{Event}", $"Connection: close\r\n\r\n{Event}", $"Content-Length: {Event.Length}\r\n\r\n{Event}",
        $"Transfer-Encoding: chunked\r\n\r\nC\r\n{Event}\r\n0\r\n\r\n",
        $"Transfer-Encoding: Chunked\r\n\r\n5;x=y\r\n{Event[..5]}\r\n0007\r\n{Event[5..]}\r\n0\r\nX-Trailer: "
            + "1\r\n\r\n");

    private static readonly Gen<string> BadStatus = Gen.OneOf(
        "HTTP/1.1 204 No Content", "HTTP/1.1 404 Not Found", "HTTP/1.1 500", "HTTP/1.1 503 Busy",
        "HTTP/1.1 302 Found\r\nLocation: /again", "HTTP/1.1 302 Found\r\nLocation: ://",
        "HTTP/1.1 302 Found\r\nLocation: file:///etc",
        "HTTP/1.1 301 Moved\r\nLocation: é\u0001", "HTTP/1.1 304 Not Modified", "HTTP/1.1 000 Zero",
        "HTTP/1.1 999 Nine", "HTTP/1.1 2000 OK", "HTTP/1.1 20x OK", "HTTP/1.1 -20 OK", "HTTP/1.1  200 OK",
        "HTTP/2.0 200 OK", "HTTP/9.9 200 OK",
        "HTTP/1.1", "ICY 200 OK", "", " ", "\0", "HTTP/1.1 200 \0", "HTTP/1.1 101 Switching Protocols",
        "HTTP/1.1 100 Continue", "SSH-2.0-OpenSSH", "data: x", "HTTP/1.1 200 " + new string('r', 70_000));

    private static readonly Gen<string> BadHeader = Gen.OneOf(
        "Content-Type: text/html", "Content-Type:", "Content-Type: ;",
        "Content-Type: text/event-stream\r\nContent-Type: text/html", " folded: x", "no colon", ": no name",
        "bad name: x", "Nul: \0", "Content-Length: -1",
        "Content-Length: 99999999999999999999", "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 9223372036854775807", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: \u000Bchunked",
        "Content-Encoding: gzip",
        "Content-Encoding: br", "Content-Encoding: deflate, gzip", "Content-Encoding: unknown",
        "X-Huge: " + new string('h', 70_000), "\nX-Bare: 1", "X-CR: a\rb", "Retry-After: 99999999999999999999",
        "Location: :", "Connection: upgrade");

    private static readonly Gen<string> BadFraming = Gen.OneOf(
        "\r\n", "", "\r", "\n\n", $"\n{Event}", "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-1\r\nx", "Transfer-Encoding: chunked\r\n\r\nC\r\ndata",
        "Transfer-Encoding: chunked\r\n\r\nG\r\n",
        $"Transfer-Encoding: chunked\r\n\r\nC {Event}", "Content-Length: 1000\r\n\r\ndata: short\n\n",
        "Transfer-Encoding: chunked\r\n\r\n1" + new string('0', 20_000), "\r\n" + new string('x', 70_000),
        "\r\n:" + new string('c', 20_000));

    private static readonly Gen<RawHead> Good = Gen.Select(
        Gen.Select(GoodStatus, GoodType), GoodHeader.Array[0, 4], GoodFraming,
        (start, headers, framing) => new RawHead(Bytes([start.Item1, start.Item2, .. headers, framing]), true));

    private static readonly Gen<RawHead> Bad = Gen.Select(
        Gen.OneOf(GoodStatus, BadStatus), Gen.OneOf(GoodType, GoodHeader, BadHeader).Array[0, 5],
        Gen.OneOf(GoodFraming, BadFraming),
        (status, headers, framing) => new RawHead(Bytes([status, .. headers, framing]), false));

    /// <summary>Any of these responses, cut off or with one byte changed.</summary>
    private static readonly Gen<RawHead> Damaged = Gen.Select(
        Gen.OneOf(Good, Bad), Gen.Int[0, 400], Gen.Int[-1, 255],
        (head, position, value) =>
        {
            byte[] bytes = [.. head.Bytes];
            int at = Math.Min(position, bytes.Length - 1);
            if (value >= 0)
                bytes[at] = (byte)value;
            return new RawHead(value >= 0 ? bytes : bytes[..at], false);
        });

    public static Gen<RawHead> Any { get; } = Gen.Frequency<RawHead>((2, Good), (3, Bad), (3, Damaged));

    private static byte[] Bytes(string[] lines) => Encoding.Latin1.GetBytes(string.Join("\r\n", lines));
}
