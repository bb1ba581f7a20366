namespace Rx.Sse.Testing;

/// <summary>Specifies the ways in which <see cref="SseTest.EveryCut"/> breaks a connection.</summary>
[Flags]
public enum SseCuts
{
    /// <summary>The connection does not break.</summary>
    None = 0,

    /// <summary>The connection is reset or, before the response, refused.</summary>
    Reset = 1,

    /// <summary>The server closes the connection, as at the regular end of a response.</summary>
    Close = 2,

    /// <summary>The connection stays open, and nothing more arrives.</summary>
    /// <remarks>Only a timeout can detect it, such as <see cref="SseOptions.IdleTimeout"/>.</remarks>
    Silence = 4,

    /// <summary>All ways.</summary>
    All = Reset | Close | Silence,
}
