namespace Rx.Sse;

/// <summary>Where the value of a data line is in the chunk that is being read.</summary>
internal readonly record struct SseUtf8Line(int Start, int Length);
