namespace Rx.Sse.Scheduling;

/// <summary>Cancelling what a body or a handler reads with.</summary>
internal static class QuietCancellation
{
    /// <summary>
    /// Cancels. What a body has registered on the token may throw: that would end the process where a timer cancels,
    /// and would take the place of the failure elsewhere.
    /// </summary>
    public static void CancelQuietly(this CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (AggregateException)
        {
            // The token is cancelled all the same.
        }
    }
}
