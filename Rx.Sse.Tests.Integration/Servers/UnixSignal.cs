namespace Rx.Sse.Tests.Integration.Servers;

/// <summary>What a process can be asked for, by the numbers that every Unix gives them.</summary>
internal enum UnixSignal
{
    HangUp = 1,
    Quit = 3,
    Terminate = 15,

    /// <summary>Goes on after <see cref="Stop"/>. The number is that of Linux, as is the next.</summary>
    Continue = 18,

    /// <summary>Does nothing more, as a machine that is suspended.</summary>
    Stop = 19,
}
