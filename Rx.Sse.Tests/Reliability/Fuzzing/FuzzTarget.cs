using CsCheck;

namespace Rx.Sse.Tests.Reliability.Fuzzing;

/// <summary>
/// A part of the library under hostile input. Seed and number say all about an input, in whatever order they are tried.
/// </summary>
internal abstract class FuzzTarget
{
    /// <summary>What has been tried, and what the inputs have reached.</summary>
    public abstract Tally Tally { get; }

    /// <summary>
    /// Tries the input of that number. Returns what differs from the rule, with the input made small; null if nothing
    /// does.
    /// </summary>
    public abstract Task<string?> TryAsync(int seed, int number);

    /// <summary>
    /// The input of that number. Not by CsCheck's own sampling, which takes a new seed for every input: here one seed
    /// is to repeat all.
    /// </summary>
    protected static T Generate<T>(Gen<T> gen, int seed, int number) =>
        gen.Generate(new PCG(1, Mix((uint)seed, (uint)number)), null, out _);

    /// <summary>
    /// Numbers that follow each other must not give streams of chance that resemble each other (SplitMix64).
    /// </summary>
    private static ulong Mix(uint seed, uint number)
    {
        ulong value = ((ulong)seed << 32 | number) + 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
