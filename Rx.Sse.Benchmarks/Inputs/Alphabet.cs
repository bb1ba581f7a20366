using System.Text;

namespace Rx.Sse.Benchmarks.Inputs;

/// <summary>The letters of a word, and how many it may have.</summary>
internal sealed record Alphabet(Rune[] Letters, int LongestWord)
{
    public Alphabet(string letters, int longestWord)
        : this([.. letters.EnumerateRunes()], longestWord)
    {
    }
}
