using System.Diagnostics;

namespace Rx.Sse.Internal.Diagnostics;

/// <summary>At its end, the current activity is again what it was: what runs then does not belong to what was started within.</summary>
internal readonly ref struct ActivityScope
{
    private readonly Activity? _outer;
    private readonly bool _isEntered;

    private ActivityScope(Activity? outer)
    {
        _outer = outer;
        _isEntered = true;
    }

    public static ActivityScope Enter() => new(Activity.Current);

    public void Dispose()
    {
        if (_isEntered)
            Activity.Current = _outer;
    }
}
