using Rx.Sse.Tests.Golden.Stories;

namespace Rx.Sse.Tests.Golden;

/// <summary>All stories, in the order of the design's chapters on requests, connections, reconnection and Rx.</summary>
internal static class AllStories
{
    public static IReadOnlyList<GoldenStory> Stories { get; } =
    [
        .. RequestStories.All,
        .. HandlerStories.All,
        .. PostStories.All,
        .. ConnectStories.All,
        .. ResponseStories.All,
        .. DropStories.All,
        .. EndStories.All,
        .. IdStories.All,
        .. RetryStories.All,
        .. BackoffStories.All,
        .. PolicyStories.All,
        .. LimitStories.All,
        .. IdleStories.All,
        .. DisposalStories.All,
        .. ObserverStories.All,
        .. ParsingStories.All,
    ];
}
