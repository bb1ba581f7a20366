namespace Rx.Sse.Benchmarks.Inputs;

internal enum Payload
{
    /// <summary>Words that fill the size of the event.</summary>
    Text,

    /// <summary>A chunk of a completion of OpenAI's API, with a word or two; some 250 bytes.</summary>
    OpenAi,

    /// <summary>A delta of Anthropic's API, with a word or two; some 120 bytes with its event type.</summary>
    Anthropic,
}
