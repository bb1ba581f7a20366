namespace Rx.Sse.Benchmarks.Inputs;

internal enum Payload
{
    /// <summary>Words that fill the event up to its size.</summary>
    Text,

    /// <summary>A chunk of a completion from OpenAI's API, with one or two words; about 250 bytes.</summary>
    OpenAi,

    /// <summary>A delta from Anthropic's API, with one or two words; about 120 bytes with its event type.</summary>
    Anthropic,
}
