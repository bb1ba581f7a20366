using CsCheck;

namespace Rx.Sse.Tests.Reliability.Fuzzing;

/// <summary>
/// A part of the library that is tested with hostile input. The seed and the number determine an input, in whatever
/// order inputs are tried.
/// </summary>
internal abstract class FuzzTarget
{
    /// <summary>Counts the inputs that were tried and the cases that they reached.</summary>
    public abstract Tally Tally { get; }

    /// <summary>
    /// Tries the input with the given number. Returns how the result differs from the rule, with a minimized input;
    /// null if it does not differ.
    /// </summary>
    public abstract Task<string?> TryAsync(int seed, int number);

    /// <summary>
    /// Generates the input with the given number. CsCheck's own sampling is not used, because it takes a new seed for
    /// every input. Here one seed must reproduce all inputs.
    /// </summary>
    protected static T Generate<T>(Gen<T> gen, int seed, int number) =>
        gen.Generate(new PCG(1, Mix((uint)seed, (uint)number)), null, out _);

    /// <summary>
    /// Mixes the bits, so that consecutive numbers do not give similar random sequences (SplitMix64).
    /// </summary>
    private static ulong Mix(uint seed, uint number)
    {
        ulong value = ((ulong)seed << 32 | number) + 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
