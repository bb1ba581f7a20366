using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.RegularExpressions;

namespace Rx.Sse.Testing.Recording;

/// <summary>
/// Converts exceptions to lines of a recording, from the outermost to the innermost: the type, the error code if there
/// is one, and the message. A type that is not in the list is recorded as its nearest base type that is.
/// </summary>
internal static class RecordedErrors
{
    /// <summary>More levels than .NET's handlers nest exceptions.</summary>
    private const int MaxDepth = 16;

    private static readonly Regex UserInfo = new(@"://[^/\s@]*@");

    private static readonly Regex Query = new(@"(\w://[^\s?'""]*)\?[^\s'""]*");

    /// <summary>The known types, each before its base types, and how to create their exceptions.</summary>
    private static readonly (Type Type, Func<string, string, Exception?, Exception> Create)[] Known =
    [
#if NET
        (typeof(HttpRequestException), (message, code, inner) => RequestError(message, code.Split(' '), inner)),
        (typeof(HttpIOException), (message, code, inner) => new HttpIOException(
            Enum.TryParse(code, out HttpRequestError error) ? error : HttpRequestError.Unknown,
            WithoutCode(message, code),
            inner)),
        (typeof(SocketException), (message, code, _) => new SocketException((int)SocketErrorOf(code), message)),
#else
        (typeof(HttpRequestException), (message, _, inner) => new HttpRequestException(message, inner)),
        (typeof(SocketException), (_, code, _) => new SocketException((int)SocketErrorOf(code))),
#endif
        (typeof(EndOfStreamException), (message, _, inner) => new EndOfStreamException(message, inner)),
        (typeof(FileNotFoundException), (message, _, inner) => new FileNotFoundException(message, inner)),
        (typeof(FileLoadException), (message, _, inner) => new FileLoadException(message, inner)),
        (typeof(DirectoryNotFoundException), (message, _, inner) => new DirectoryNotFoundException(message, inner)),
        (typeof(IOException), (message, _, inner) => new IOException(message, inner)),
        (typeof(AuthenticationException), (message, _, inner) => new AuthenticationException(message, inner)),
        (typeof(TaskCanceledException), (message, _, inner) => new TaskCanceledException(message, inner)),
        (typeof(OperationCanceledException), (message, _, inner) => new OperationCanceledException(message, inner)),
        (typeof(TimeoutException), (message, _, inner) => new TimeoutException(message, inner)),
        (typeof(WebException), (message, code, inner) => new WebException(
            message,
            inner,
            Enum.TryParse(code, out WebExceptionStatus status) ? status : WebExceptionStatus.UnknownError,
            response: null)),
        (typeof(ObjectDisposedException), (message, _, inner) => new ObjectDisposedException(message, inner)),
        (typeof(InvalidOperationException), (message, _, inner) => new InvalidOperationException(message, inner)),
        (typeof(NotSupportedException), (message, _, inner) => new NotSupportedException(message, inner)),
        (typeof(Exception), (message, _, inner) => new UnknownException(message, inner)),
    ];

    public static IEnumerable<string> ToLines(Exception? error)
    {
        for (int depth = 0; error is not null && depth < MaxDepth; error = error.InnerException, depth++)
        {
            Type type = Known.First(known => known.Type.IsInstanceOfType(error)).Type;
            yield return $"{type.Name}{CodeOf(error)} {ByteText.ToText(WithoutSecrets(error.Message))}";
        }
    }

    /// <summary>Creates the exception that these lines describe; null if they are not valid.</summary>
    public static Exception? FromLines(IReadOnlyList<string> lines)
    {
        Exception? error = null;
        foreach (string line in lines.Reverse())
        {
            int quote = line.IndexOf('"');
            string[] head = quote < 0 ? [] : line[..quote].Split([' '], StringSplitOptions.RemoveEmptyEntries);
            if (head.Length is < 1 or > 3 || ByteText.FromText(line[quote..]) is not { } message)
                return null;
#if !NET
            // This framework does not have the type, so its base type is used.
            head[0] = head[0].Replace("HttpIOException", nameof(IOException));
#endif
            if (Array.Find(Known, known => known.Type.Name == head[0]).Create is not { } create)
                return null;
            error = create(Encoding.UTF8.GetString(message), string.Join(" ", head.Skip(1)), error);
        }

        return error;
    }

    /// <summary>An exception whose type is not in the list.</summary>
    private sealed class UnknownException(string message, Exception? inner) : Exception(message, inner);

    /// <summary>Removes the user info and the query from addresses in a message.</summary>
    private static string WithoutSecrets(string message) => Query.Replace(
        UserInfo.Replace(message, $"://{RecordingFormat.LeftOut}@"), $"$1?{RecordingFormat.LeftOut}");

#if NET
    private static HttpRequestException RequestError(string message, string[] code, Exception? inner)
    {
        HttpStatusCode? status = null;
        if (int.TryParse(code.ElementAtOrDefault(1), out int number))
            status = (HttpStatusCode)number;
        return Enum.TryParse(code[0], out HttpRequestError error)
            ? new HttpRequestException(error, message, inner, status)
            : new HttpRequestException(message, inner, status);
    }

    /// <summary>Removes the code from the message, because the exception itself appends it.</summary>
    private static string WithoutCode(string message, string code)
    {
        string suffix = $" ({code})";
        return message.EndsWith(suffix, StringComparison.Ordinal) ? message[..^suffix.Length] : message;
    }
#endif

    private static string CodeOf(Exception error) => error switch
    {
        WebException web => $" {web.Status}",
        SocketException socket => $" {socket.SocketErrorCode}",
#if NET
        HttpRequestException { StatusCode: { } status } request => $" {request.HttpRequestError} {(int)status}",
        HttpRequestException request => $" {request.HttpRequestError}",
        HttpIOException read => $" {read.HttpRequestError}",
#endif
        _ => "",
    };

    private static SocketError SocketErrorOf(string code) =>
        Enum.TryParse(code, out SocketError error) ? error : SocketError.SocketError;
}
