namespace Rx.Sse.Testing;

/// <summary>Who ended a connection.</summary>
public enum SseClosedBy
{
    /// <summary>The client: it was disposed of, timed out, or gave up waiting for an answer.</summary>
    Client,

    /// <summary>The server: it refused the connection, ended the response, or broke it off.</summary>
    Server,
}
