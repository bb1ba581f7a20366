namespace Rx.Sse.Testing;

/// <summary>Specifies which side has closed a connection.</summary>
public enum SseClosedBy
{
    /// <summary>The client, because of a disposal or a timeout, also before the response.</summary>
    Client,

    /// <summary>The server, by refusing the connection, ending the response, or resetting the connection.</summary>
    Server,
}
