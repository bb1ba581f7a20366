namespace Rx.Sse.Tests.Reliability.Safety;

/// <summary>The library has survived, but delivered something that it must not.</summary>
internal sealed class WrongResultException(string message) : Exception(message)
{
    public static void ThrowUnless(bool condition, string message)
    {
        if (!condition)
            throw new WrongResultException(message);
    }
}
