namespace Rx.Sse.Samples.Chat;

/// <summary>What one side has said. Both APIs have it in this form.</summary>
internal sealed record ChatMessage(string Role, string Content)
{
    public const string User = "user";
    public const string Assistant = "assistant";
}
