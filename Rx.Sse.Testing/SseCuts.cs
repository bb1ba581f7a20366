namespace Rx.Sse.Testing;

/// <summary>The ways in which <see cref="SseTest.EveryCut"/> breaks a connection.</summary>
[Flags]
public enum SseCuts
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The connection is reset; before the response, it may also be refused.</summary>
    Reset = 1,

    /// <summary>The server closes the connection, as at the regular end of a response.</summary>
    Close = 2,

    /// <summary>
    /// Nothing more comes, and the connection stays open. Only a timeout helps, such as
    /// <see cref="SseOptions.IdleTimeout"/>.
    /// </summary>
    Silence = 4,

    /// <summary>All of them.</summary>
    All = Reset | Close | Silence,
}
