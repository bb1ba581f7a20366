namespace Rx.Sse.Benchmarks.Inputs;

internal enum Field
{
    Data,
    Event,
    Id,
    Retry,
    Unknown,
}
