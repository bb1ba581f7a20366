namespace Rx.Sse.Benchmarks.Inputs;

internal enum IdForm
{
    Counter,
    Uuid,
    Json,
}
