namespace Rx.Sse.Diagnostics;

/// <summary>
/// Calls loggers and listeners, and ignores their exceptions: a stream must not end because its diagnostics fail.
/// </summary>
internal static class Quiet
{
    public static void Run<TState>(TState state, Action<TState> action)
    {
        try
        {
            action(state);
        }
        catch (Exception)
        {
            // There is nowhere to report it.
        }
    }

    /// <returns>Null if the function throws.</returns>
    public static TResult? Get<TState, TResult>(TState state, Func<TState, TResult?> function)
        where TResult : class
    {
        TResult? result = null;
        Run(0, _ => result = function(state));
        return result;
    }
}
