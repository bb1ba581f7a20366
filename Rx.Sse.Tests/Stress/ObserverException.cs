namespace Rx.Sse.Tests.Stress;

/// <summary>Thrown by an observer.</summary>
internal sealed class ObserverException : Exception;
