namespace Rx.Sse.Tests.Reliability.Fuzzing;

/// <summary>
/// Minimizes an input that shows a fault: removes halves, quarters and so on, as long as the rest still shows it.
/// </summary>
internal static class Minimizer
{
    public static async Task<byte[]> ShrinkAsync(byte[] input, Func<byte[], Task<bool>> shows)
    {
        for (int size = Math.Max(1, input.Length / 2); ; size /= 2)
        {
            for (int start = 0; start < input.Length;)
            {
                byte[] shorter = [.. input[..start], .. input[Math.Min(start + size, input.Length)..]];
                if (await shows(shorter))
                    input = shorter;
                else
                    start += size;
            }

            if (size <= 1)
                return input;
        }
    }
}
