using System.Net;
using System.Text;
using Rx.Sse.Testing.Scripting;

namespace Rx.Sse.Testing;

/// <summary>Represents the script of a connection with a response, to which steps can be added.</summary>
/// <remarks>
/// <para>Immutable: each method returns a new script. The time of a step counts from the request, and is not earlier
/// than that of the step before. Without an end, the connection stays open and silent until the client closes
/// it.</para>
/// <para>The bytes of one step arrive together, if the buffer of the reader is large enough, and never together with
/// those of another step, not even at the same time.</para>
/// </remarks>
public sealed class SseResponseScript : SseScript
{
    /// <summary>The size of the chunks of further steps, in bytes; null for one chunk per step.</summary>
    private readonly int? _chunkSize;

    internal SseResponseScript(ResponseHead head, ScriptStep last, int? chunkSize = null)
        : base(head, last) => _chunkSize = chunkSize;

    private new ResponseHead Head => base.Head!;

    private new ScriptStep Last => base.Last!;

    /// <summary>Returns a script that answers with a status instead of 200.</summary>
    /// <param name="status">The status.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="status"/> does not have three digits, or is an interim one: less than 200, except for 101.
    /// </exception>
    public SseResponseScript WithStatus(HttpStatusCode status) => new(Head.With(status), Last, _chunkSize);

    /// <summary>Returns a script that answers with a content type instead of <c>text/event-stream</c>.</summary>
    /// <param name="contentType">The value of the header, which is not validated; null for no header.</param>
    public SseResponseScript WithContentType(string? contentType) =>
        new(Head with { ContentType = contentType }, Last, _chunkSize);

    /// <summary>Returns a script that answers with a further header.</summary>
    /// <param name="name">The name of the header.</param>
    /// <param name="value">The value of the header, which is not validated, except for line breaks.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="name"/> is not the name of a response header, or is <c>Content-Type</c>, for which there is
    /// <see cref="WithContentType"/>; or <paramref name="value"/> has a line break.
    /// </exception>
    public SseResponseScript WithHeader(string name, string value) => new(Head.With(name, value), Last, _chunkSize);

    /// <summary>Returns a script that splits the bytes of each further step into chunks of a size.</summary>
    /// <remarks>The chunks arrive one after the other, at the same time.</remarks>
    /// <param name="bytes">The size of a chunk, in bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytes"/> is less than 1.</exception>
    public SseResponseScript InChunksOf(int bytes) =>
        bytes >= 1
            ? new(Head, Last, bytes)
            : throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "A chunk has at least one byte.");

    /// <summary>Returns a script that sends text, in UTF-8 and unchanged.</summary>
    /// <param name="time">The time, from the request.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException"><paramref name="time"/> is earlier than the last step.</exception>
    public SseResponseScript Send(TimeSpan time, string text)
    {
        Throw.IfNull(text);
        return Send(time, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Returns a script that sends bytes, unchanged.</summary>
    /// <param name="time">The time, from the request.</param>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="time"/> is earlier than the last step.</exception>
    public SseResponseScript Send(TimeSpan time, ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        ScriptStep step = ScriptStep.Send(time, copy, Math.Max(1, _chunkSize ?? copy.Length));
        return new(Head, AfterLast(time, step), _chunkSize);
    }

    /// <summary>Returns a script that sends an event with the given fields.</summary>
    /// <param name="time">The time, from the request.</param>
    /// <param name="data">The data. Each line of it, ended by LF, becomes a <c>data</c> field.</param>
    /// <param name="event">The <c>event</c> field; null for none.</param>
    /// <param name="id">The <c>id</c> field; null for none.</param>
    /// <param name="retry">The <c>retry</c> field, in whole milliseconds; null for none.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="time"/> is earlier than the last step, or the format cannot represent a field, such as an ID
    /// with a line break.
    /// </exception>
    public SseResponseScript Event(
        TimeSpan time, string data, string? @event = null, string? id = null, TimeSpan? retry = null) =>
        Send(time, EventText.Of(data, @event, id, retry));

    /// <summary>Returns a script that sends the fields of an event.</summary>
    /// <param name="time">The time, from the request.</param>
    /// <param name="e">The event. Its <see cref="SseEvent.LastEventId"/> is not sent.</param>
    /// <inheritdoc cref="Event(TimeSpan, string, string?, string?, TimeSpan?)" path="/exception"/>
    public SseResponseScript Event(TimeSpan time, SseEvent e)
    {
        Throw.IfNull(e);
        return Event(time, e.Data, e.Event, e.Id, e.Retry);
    }

    /// <summary>Returns a script that sends a comment, such as a heartbeat.</summary>
    /// <param name="time">The time, from the request.</param>
    /// <param name="text">The text. Each line of it becomes a comment.</param>
    /// <exception cref="ArgumentException"><paramref name="time"/> is earlier than the last step.</exception>
    public SseResponseScript Comment(TimeSpan time, string text = "") => Send(time, EventText.OfComment(text));

    /// <summary>Returns a script that repeats the event, comment or bytes of the last step at an interval.</summary>
    /// <remarks>
    /// For example, heartbeats: <c>.Comment(FromSeconds(15)).Repeat(every: FromSeconds(15), until: FromMinutes(2))</c>.
    /// Repetitions always end, so that a scheduler that runs until it has nothing to do ends, too.
    /// </remarks>
    /// <param name="every">The interval, from the time of the last step.</param>
    /// <param name="until">
    /// The end of the repetitions, from the request, which is exclusive. The next step is not earlier.
    /// </param>
    /// <exception cref="InvalidOperationException">The last step sends nothing, or is already repeated.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="every"/> is not more than zero, or <paramref name="until"/> is not later than the last step or
    /// more than a thousand years.
    /// </exception>
    public SseResponseScript Repeat(TimeSpan every, TimeSpan until) => new(Head, Last.Repeat(every, until), _chunkSize);

    /// <summary>Returns a script that ends the response, as a server does in the regular way.</summary>
    /// <remarks>If it has sent less than its <c>Content-Length</c>, the read fails, as over a network.</remarks>
    /// <param name="time">The time, from the request.</param>
    /// <exception cref="ArgumentException"><paramref name="time"/> is earlier than the last step.</exception>
    public SseScript Close(TimeSpan time) =>
        Ended(time, "closes", () => null);

    /// <summary>Returns a script that resets the connection.</summary>
    /// <remarks>Bytes that were sent before can still be read.</remarks>
    /// <param name="time">The time, from the request.</param>
    /// <param name="exception">
    /// The exception of the read. Default: an <see cref="IOException"/> with a
    /// <see cref="System.Net.Sockets.SocketException"/> inside, as from .NET's own handler.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="time"/> is earlier than the last step.</exception>
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
