namespace Rx.Sse.Tests.Integration.Servers;

/// <summary>Signals for a process. The numbers are the same on every Unix, unless noted otherwise.</summary>
internal enum UnixSignal
{
    HangUp = 1,
    Quit = 3,
    Terminate = 15,

    /// <summary>Resumes a suspended process. This number and the next are those of Linux.</summary>
    Continue = 18,

    /// <summary>Suspends the process.</summary>
    Stop = 19,
}
