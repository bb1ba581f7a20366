namespace Rx.Sse.Tests.Integration.Servers;

/// <summary>What a process can be asked for, by the numbers that every Unix gives them.</summary>
internal enum UnixSignal
{
    HangUp = 1,
    Quit = 3,
    Terminate = 15,
}
