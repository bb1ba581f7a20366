namespace Rx.Sse.Streams;

/// <summary>Whose code a decoder is calling: it says to whom an exception belongs.</summary>
internal enum Callback
{
    /// <summary>None. What is thrown now is the library's own, such as out of memory while a large event is decoded.</summary>
    None,

    Selector,

    Observer,
}
