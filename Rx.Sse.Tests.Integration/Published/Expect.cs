namespace Rx.Sse.Tests.Integration.Published;

/// <summary>Minimal assertions for the checks, because test frameworks do not work in a trimmed program.</summary>
internal static class Expect
{
    public static void Equal<T>(IEnumerable<T> actual, params T[] expected)
    {
        T[] all = [.. actual];
        if (!all.SequenceEqual(expected))
            throw new InvalidOperationException(
                $"Expected [{string.Join(", ", expected)}], but it is [{string.Join(", ", all)}].");
    }

    public static TException Throws<TException>(Action action)
        where TException : Exception
    {
        try
        {
            action();
        }
        catch (TException exception)
        {
            return exception;
        }

        throw new InvalidOperationException($"Expected a {typeof(TException).Name}.");
    }
}
