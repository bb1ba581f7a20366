namespace Rx.Sse.Tests.Stress;

/// <summary>What an observer throws.</summary>
internal sealed class ObserverException : Exception;
