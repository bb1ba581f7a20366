namespace Rx.Sse.Scheduling;

/// <summary>Cancels the tokens that bodies and handlers read with.</summary>
internal static class QuietCancellation
{
    /// <summary>
    /// Cancels, and ignores exceptions of callbacks that a body has registered on the token. They would end the
    /// process if a timer cancels, and would hide the failure elsewhere.
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
