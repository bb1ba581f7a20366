using System.Diagnostics.Metrics;

namespace Rx.Sse.Tests.Diagnostics;

internal static class MeterListenerExtensions
{
    /// <summary>On .NET 8, a disposed listener keeps listening unless it has this callback.</summary>
    public static void EndWithDispose(this MeterListener listener) => listener.MeasurementsCompleted = (_, _) => { };
}
