namespace Rx.Sse.Scheduling;

/// <summary>Cancels tokens that code of others has registered callbacks on.</summary>
internal static class QuietCancellation
{
    /// <summary>
    /// Cancels, and ignores exceptions of callbacks that a handler or body has registered on the token. On a timer,
    /// they would end the process; elsewhere, they would hide the failure.
    /// </summary>
    public static void CancelQuietly(this CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (AggregateException)
        {
            // The token is cancelled nevertheless.
        }
    }
}
