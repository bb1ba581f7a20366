#if !NET10_0_OR_GREATER
using CsCheck;

namespace Rx.Sse.Tests.Reliability.Fuzzing;

/// <summary>
/// Two methods of CsCheck 5, with the names that they have there. CsCheck 5 needs .NET 10, so on older runtimes the
/// tests use CsCheck 4.
/// </summary>
internal static class OlderCsCheck
{
    extension(Gen)
    {
        public static Gen<T> OneOf<T>(params T[] values) => Gen.OneOfConst(values);

        public static Gen<T> Frequency<T>(params (int Frequency, T Value)[] values) => Gen.FrequencyConst(values);
    }
}
#endif
