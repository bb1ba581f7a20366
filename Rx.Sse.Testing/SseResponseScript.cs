using System.Net;
using System.Text;
using Rx.Sse.Testing.Scripting;

namespace Rx.Sse.Testing;

/// <summary>
/// A script whose connection is open, so that there is more to say: what is sent, when, and how it ends. Every step's
/// time counts from the request and is not earlier than the one before. A gap between two of them is a stall; without
/// an end, the connection stays open and silent until the client leaves.
/// </summary>
/// <remarks>
/// What is sent in one step arrives in one piece, as far as the reader has room for it, and apart from what is sent in
/// the next one, also at the same time.
/// </remarks>
public sealed class SseResponseScript : SseScript
{
    /// <summary>How many bytes what is sent is cut into; null to leave it whole.</summary>
    private readonly int? _chunkSize;

    internal SseResponseScript(ResponseHead head, ScriptStep last, int? chunkSize = null)
        : base(head, last) => _chunkSize = chunkSize;

    private new ResponseHead Head => base.Head!;

    private new ScriptStep Last => base.Last!;

    /// <summary>Answers with that status instead of 200.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="status"/> does not have three digits, or is an interim one: less than 200, except for 101.
    /// </exception>
    public SseResponseScript WithStatus(HttpStatusCode status) => new(Head.With(status), Last, _chunkSize);

    /// <summary>
    /// Answers with that content type instead of <c>text/event-stream</c>, or with none. It is sent as it is.
    /// </summary>
    public SseResponseScript WithContentType(string? contentType) =>
        new(Head with { ContentType = contentType }, Last, _chunkSize);

    /// <summary>Answers with that header as well. It is sent as it is.</summary>
    /// <exception cref="ArgumentException">
    /// <paramref name="name"/> is not the name of a response header, or is <c>Content-Type</c>, for which there is
    /// <see cref="WithContentType"/>; or <paramref name="value"/> has a line break.
    /// </exception>
    public SseResponseScript WithHeader(string name, string value) => new(Head.With(name, value), Last, _chunkSize);

    /// <summary>
    /// Cuts whatever is sent from here on into chunks of <paramref name="bytes"/> bytes, which arrive one by one at the
    /// same time.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytes"/> is less than 1.</exception>
    public SseResponseScript InChunksOf(int bytes) =>
        bytes >= 1
            ? new(Head, Last, bytes)
            : throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "A chunk has at least one byte.");

    /// <summary>Sends text as it is, in UTF-8.</summary>
    /// <exception cref="ArgumentException">The time is earlier than that of the step before.</exception>
    public SseResponseScript Send(TimeSpan time, string text)
    {
        Throw.IfNull(text);
        return Send(time, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Sends bytes as they are.</summary>
    /// <exception cref="ArgumentException">The time is earlier than that of the step before.</exception>
    public SseResponseScript Send(TimeSpan time, ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        ScriptStep step = ScriptStep.Send(time, copy, Math.Max(1, _chunkSize ?? copy.Length));
        return new(Head, AfterLast(time, step), _chunkSize);
    }

    /// <summary>Sends an event of these fields; those that are null are left out.</summary>
    /// <param name="time">When, from the request.</param>
    /// <param name="data">The data; each of its lines, ended by LF, becomes a <c>data</c> field.</param>
    /// <param name="event">The <c>event</c> field.</param>
    /// <param name="id">The <c>id</c> field.</param>
    /// <param name="retry">The <c>retry</c> field, in whole milliseconds.</param>
    /// <exception cref="ArgumentException">
    /// The time is earlier than that of the step before, or the format has no way to say such a field, such as an ID
    /// with a line break.
    /// </exception>
    public SseResponseScript Event(
        TimeSpan time, string data, string? @event = null, string? id = null, TimeSpan? retry = null) =>
        Send(time, EventText.Of(data, @event, id, retry));

    /// <summary>
    /// Sends an event as a client would receive it; <see cref="SseEvent.LastEventId"/> makes no difference.
    /// </summary>
    /// <inheritdoc cref="Event(TimeSpan, string, string?, string?, TimeSpan?)" path="/exception"/>
    public SseResponseScript Event(TimeSpan time, SseEvent e)
    {
        Throw.IfNull(e);
        return Event(time, e.Data, e.Event, e.Id, e.Retry);
    }

    /// <summary>Sends a comment, such as a heartbeat: one for each line of <paramref name="text"/>.</summary>
    /// <exception cref="ArgumentException">The time is earlier than that of the step before.</exception>
    public SseResponseScript Comment(TimeSpan time, string text = "") => Send(time, EventText.OfComment(text));

    /// <summary>
    /// Sends again what the step before this one sends (an event, a comment or bytes), at a fixed interval. This sends
    /// heartbeats: <c>.Comment(FromSeconds(15)).Repeat(every: FromSeconds(15), until: FromMinutes(2))</c>.
    /// </summary>
    /// <param name="every">The interval, from the time of the step before.</param>
    /// <param name="until">
    /// When the repetitions end, from the request; the last one comes before that time. The next step comes then or
    /// later. Repetitions always end, so a scheduler that runs until it has nothing left to do ends too.
    /// </param>
    /// <exception cref="InvalidOperationException">The step before sends nothing, or is repeated already.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="every"/> is not more than zero, or <paramref name="until"/> is not later than the step before or
    /// more than a thousand years.
    /// </exception>
    public SseResponseScript Repeat(TimeSpan every, TimeSpan until) => new(Head, Last.Repeat(every, until), _chunkSize);

    /// <summary>
    /// The server ends the response. If it has sent less than its <c>Content-Length</c>, the read fails, as over a
    /// network.
    /// </summary>
    /// <exception cref="ArgumentException">The time is earlier than that of the step before.</exception>
    public SseScript Close(TimeSpan time) =>
        Ended(time, "closes", () => null);

    /// <summary>The connection breaks. What was sent before can still be read.</summary>
    /// <param name="time">When, from the request.</param>
    /// <param name="exception">
    /// What the read throws; by default an <see cref="IOException"/> around a
    /// <see cref="System.Net.Sockets.SocketException"/>, as .NET's own handler does.
    /// </param>
    /// <exception cref="ArgumentException">The time is earlier than that of the step before.</exception>
    public SseScript Reset(TimeSpan time, Exception? exception = null) =>
        Ended(time, "resets", () => exception ?? NetworkErrors.ConnectionReset());

    private SseScript Ended(TimeSpan time, string verb, Func<Exception?> error)
    {
        var end = new ScriptStep(time, () => verb, connection => connection.End(error())) { IsEnd = true };
        return new(Head, AfterLast(time, end));
    }

    private ScriptStep AfterLast(TimeSpan time, ScriptStep step) => time >= Last.End
        ? step.After(Last)
        : throw new ArgumentException(
            $"A step at {time} cannot follow one at {Last.End}: the times of a script do not run backwards.",
            nameof(time));
}
