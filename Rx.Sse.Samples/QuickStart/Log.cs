using System.Diagnostics;

namespace Rx.Sse.Samples.QuickStart;

/// <summary>Writes lines with the time since the start, and who reports it.</summary>
internal sealed class Log
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public void Write(string who, string text) =>
        Console.WriteLine($"{Stopwatch.GetElapsedTime(_start).TotalSeconds,6:0.00} s  {who,-6}  {text}");
}
