using System.Diagnostics.CodeAnalysis;
using Rx.Sse.Parsing;

namespace Rx.Sse.Internal;

/// <summary>What a stream delivers of the things that happen on it. Implemented by structs, so that no event costs an interface call.</summary>
internal interface IProjection<T>
{
    T Project(SseUtf8Event e, LastEventIdBuffer lastEventId);

    /// <summary>False where comments are not wanted.</summary>
    bool TryProject(ReadOnlySpan<byte> comment, [MaybeNullWhen(false)] out T value);

    /// <summary>False where signals other than events and comments are not wanted.</summary>
    bool TryProject(SseSignal signal, [MaybeNullWhen(false)] out T value);
}
