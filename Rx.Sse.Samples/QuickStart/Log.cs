using System.Diagnostics;

namespace Rx.Sse.Samples.QuickStart;

/// <summary>Lines on the console, each with the time since the start and who says it.</summary>
internal sealed class Log
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public void Write(string who, string text) =>
        Console.WriteLine($"{Stopwatch.GetElapsedTime(_start).TotalSeconds,6:0.00} s  {who,-6}  {text}");
}
