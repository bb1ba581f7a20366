using System.Globalization;
using System.Net;
using System.Reactive.Concurrency;
using System.Text;

namespace Rx.Sse.Testing.Recording;

/// <summary>
/// Writes the records of all connections, one at a time. Each record is written as a whole, so a recording that was
/// truncated by a crash can be read up to there. Errors of the output end the recording, but never affect a stream.
/// </summary>
internal sealed class RecordingWriter : IDisposable
{
    private readonly object _lock = new();
    private readonly TextWriter _output;
    private readonly IStopwatch _stopwatch;
    private int _requests;
    private bool _isClosed;

    public RecordingWriter(TextWriter output, IScheduler clock)
    {
        (_output, _stopwatch) = (output, clock.StartStopwatch());
        string now = clock.Now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        Write($"{RecordingFormat.Name} {RecordingFormat.Version} {now}\n");
    }

    /// <summary>Gets the error that has ended the recording early.</summary>
    public Exception? Error { get; private set; }

    /// <returns>The number of the request, which identifies its connection in all records.</returns>
    public int Request(HttpMethod method, string address, IEnumerable<string> headers)
    {
        lock (_lock)
        {
            int number = ++_requests;
            Write(number, RecordingFormat.Request, $" {method} {address}", headers);
            return number;
        }
    }

    /// <param name="number">The number of the request.</param>
    /// <param name="status">The status.</param>
    /// <param name="address">The address to which redirects have led; null if there were none.</param>
    /// <param name="headers">One line for each header.</param>
    public void Response(int number, HttpStatusCode status, string? address, IEnumerable<string> headers) =>
        Write(number, RecordingFormat.Response, $" {(int)status}{(address is null ? "" : $" {address}")}", headers);

    public void Bytes(int number, byte[] bytes) => Write(number, RecordingFormat.Bytes, "", ByteText.ToLines(bytes));

    public void End(int number) => Write(number, RecordingFormat.End, "", []);

    public void Fail(int number, Exception error) =>
        Write(number, RecordingFormat.Error, "", RecordedErrors.ToLines(error));

    public void Leave(int number) => Write(number, RecordingFormat.Leave, "", []);

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            try
            {
                _output.Dispose();
            }
            catch (Exception exception)
            {
                Error ??= exception;
            }
        }
    }

    private void Write(int number, string verb, string rest, IEnumerable<string> lines)
    {
        lock (_lock)
        {
            string time = RecordingFormat.OfTime(_stopwatch.Elapsed);
            var record = new StringBuilder($"{time} {verb} {number}{rest}\n");
            foreach (string line in lines)
                record.Append("  ").Append(line).Append('\n');
            Write(record.ToString());
        }
    }

    private void Write(string record)
    {
        if (_isClosed || Error is not null)
            return;
        try
        {
            _output.Write(record);
            _output.Flush();
        }
        catch (Exception exception)
        {
            Error = exception;
        }
    }
}
