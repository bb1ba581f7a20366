namespace Rx.Sse.Tests.Reliability.Safety;

/// <summary>The library did not crash, but delivered a wrong result.</summary>
internal sealed class WrongResultException(string message) : Exception(message)
{
    public static void ThrowUnless(bool condition, string message)
    {
        if (!condition)
            throw new WrongResultException(message);
    }
}
