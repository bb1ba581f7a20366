using System.Globalization;
using System.Net.Sockets;
using System.Reactive.Concurrency;
using System.Text;
using Rx.Sse.Tests.Golden;

namespace Rx.Sse.Tests.Integration.Golden;

/// <summary>Both ends of a connection: the server's, which plays an answer in virtual time, and the client's.</summary>
internal sealed class SocketConnection : IDisposable
{
    private readonly StoryClock _clock;

    /// <summary>The server's end; null if the server has refused the connection.</summary>
    private readonly Socket? _socket;

    /// <summary>Called after each step, so that what the step has sent arrives separately.</summary>
    private Action _settle = () => { };

    private TimeSpan _requested;
    private IDisposable? _nextStep;
    private int _taken;
    private bool _isChunked;
    private bool _isHead;

    /// <summary>
    /// The number of bytes of the body that are still to be sent; null if the head gives no valid length.
    /// </summary>
    private long? _remaining;

    private long _bytesSent;

    private bool _hasServerClosed;

    public SocketConnection(Socket client, Socket server, StoryClock clock, Action changed)
    {
        _clock = clock;
        _socket = server;
        _socket.ReceiveTimeout = (int)SocketRun.HangGuard.TotalMilliseconds;
        _socket.NoDelay = true;
        ClientStream = new PumpedStream(client, changed, () => Close("client"));
    }

    private SocketConnection(Answer answer, StoryClock clock)
    {
        _clock = clock;
        Answer = answer;
        IsNew = false;
        Close("server");
    }

    /// <summary>Whether no request has been read yet.</summary>
    public bool IsNew { get; private set; } = true;

    /// <summary>The server's answer; null if there has been no request.</summary>
    public Answer? Answer { get; private set; }

    public PumpedStream? ClientStream { get; }

    public TimeSpan? Opened { get; private set; }

    public TimeSpan? Closed { get; private set; }

    public string? ClosedBy { get; private set; }

    /// <summary>Whether the client has closed the connection, or was refused.</summary>
    public bool IsOver => ClientStream is null or { IsDisposed: true };

    /// <summary>Whether the client has read everything and waits for more.</summary>
    public bool IsWaiting => !IsNew && !_hasServerClosed && !IsUnderway && ClientStream is { IsReading: true };

    /// <summary>Whether the server has sent something that the client has not read yet.</summary>
    private bool IsUnderway => _bytesSent > (ClientStream?.BytesRead ?? 0);

    public static SocketConnection Refused(Answer answer, StoryClock clock) => new(answer, clock);

    public void Dispose()
    {
        _nextStep?.Dispose();
        ClientStream?.Dispose();
        _socket?.Dispose();
    }

    /// <summary>Returns the request as it was sent; null if the client has cancelled it.</summary>
    public string? ReadRequest()
    {
        IsNew = false;
        var received = new MemoryStream();
        byte[] buffer = new byte[4096];
        int end;
        while ((end = received.GetBuffer().AsSpan(0, (int)received.Length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!Receive())
                return null;
        }

        string[] lines = Encoding.UTF8.GetString(received.GetBuffer(), 0, end).Split("\r\n");
        Dictionary<string, string> headers = lines[1..]
            .Select(line => line.Split(": ", 2))
            .ToDictionary(parts => parts[0], parts => parts[^1]);
        int start = end + 4;
        int length = int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture);
        bool isChunked = headers.ContainsKey("Transfer-Encoding");
        while (isChunked
            ? !Received(start).EndsWith("0\r\n\r\n", StringComparison.Ordinal)
            : received.Length < start + length)
        {
            if (!Receive())
                return null;
        }

        string[] first = lines[0].Split(' ');
        _isHead = first[0] == "HEAD";

        // Chunk sizes and chunks alternate. No story sends a chunk with a line break.
        string body = isChunked
            ? string.Concat(Received(start).Split("\r\n").Where((_, i) => i % 2 == 1))
            : Received(start);
        return TraceText.OfRequest(first[0], first[1], headers, body);

        string Received(int from) =>
            Encoding.UTF8.GetString(received.GetBuffer(), from, (int)received.Length - from);

        bool Receive()
        {
            int count = _socket!.Receive(buffer);
            received.Write(buffer, 0, count);
            return count > 0;
        }
    }

    public void Begin(Answer answer, Action settle)
    {
        (Answer, _settle, _requested) = (answer, settle, _clock.Time);
        Play();
    }

    /// <summary>Lets the client read what has arrived, if it is reading.</summary>
    public bool Pump()
    {
        if (!IsUnderway && !_hasServerClosed || ClientStream is not { IsReading: true })
            return false;
        ClientStream.Pump();
        return true;
    }

    /// <summary>Takes the steps that are due. The next step is scheduled first, as the scripted server does.</summary>
    private void Play()
    {
        Step[] steps = Answer!.Steps;
        int first = _taken;
        while (_taken < steps.Length && TimeOf(steps[_taken]) <= _clock.Time)
            _taken++;
        int due = _taken;
        if (due < steps.Length)
            _nextStep = _clock.Schedule(StoryClock.Origin + TimeOf(steps[due]), Play);

        for (int i = first; i < due && Closed is null; i++)
        {
            Take(steps[i]);
            _settle();
        }
    }

    private TimeSpan TimeOf(Step step) => _requested + TimeSpan.FromSeconds(step.Time);

    private void Take(Step step)
    {
        switch (step)
        {
            case RawHead raw:
                Send(Encoding.ASCII.GetBytes(raw.Text));
                break;
            case Head head:
                SendHead(head);
                break;
            case Body body when _isChunked:
                Send([.. Encoding.ASCII.GetBytes($"{body.Bytes.Length:X}\r\n"), .. body.Bytes, .. "\r\n"u8]);
                break;
            case Body body:
                _remaining -= body.Bytes.Length;
                Send(body.Bytes);
                if (_remaining <= 0)
                    Shut();
                break;
            case End:
                if (_isChunked)
                    Send("0\r\n\r\n"u8.ToArray());
                Shut();
                break;
            case Cut:
                Shut();
                break;
            case Reset:
                _socket!.LingerState = new LingerOption(true, 0);
                Shut();
                break;
            default:
                throw new NotSupportedException($"Sockets cannot show this: {step.What}.");
        }
    }

    private void SendHead(Head head)
    {
        Opened = _clock.Time;

        // These responses never have a body (RFC 9112, section 6.3).
        bool hasNoBody = _isHead || head.Status is 204 or 304;
        string? length = ValueOf(head, "Content-Length");
        _remaining = long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
            ? bytes
            : null;
        _isChunked = head.Framing == Framing.Chunked && !hasNoBody && length is null;
        var text = new StringBuilder().Append(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {head.Status} Status\r\nConnection: close\r\n");
        if (_isChunked)
            text.Append("Transfer-Encoding: chunked\r\n");
        if (head.ContentType is not null)
            text.Append(CultureInfo.InvariantCulture, $"Content-Type: {head.ContentType}\r\n");
        foreach ((string name, string value) in head.Headers)
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        if (ValueOf(head, "Date") is null)
            text.Append(CultureInfo.InvariantCulture, $"Date: {_clock.Now:R}\r\n");
        Send(Encoding.UTF8.GetBytes(text.Append("\r\n").ToString()));
        if (hasNoBody || _remaining == 0)
            Shut();
    }

    private static string? ValueOf(Head head, string name) =>
        head.Headers.Where(header => header.Name == name).Select(header => header.Value).FirstOrDefault();

    private void Send(byte[] bytes)
    {
        _bytesSent += bytes.Length;
        _socket!.Send(bytes);
    }

    private void Shut()
    {
        _hasServerClosed = true;
        Close("server");
        _socket!.Dispose();
    }

    private void Close(string by)
    {
        if (Closed is not null)
            return;
        (Closed, ClosedBy) = (_clock.Time, by);
        _nextStep?.Dispose();
    }
}
