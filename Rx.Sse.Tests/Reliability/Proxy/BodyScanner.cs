namespace Rx.Sse.Tests.Reliability.Proxy;

/// <summary>Follows the text of event streams whose lines end with LF.</summary>
internal sealed class BodyScanner
{
    /// <summary>The number of bytes still missing from the current character.</summary>
    private int _missing;

    private byte _last;

    private bool _isInEvent;

    public int Events { get; private set; }

    public FaultPlace Place =>
        _missing > 0 ? FaultPlace.InCharacter | FaultPlace.InEvent
        : _isInEvent ? FaultPlace.InEvent
        : FaultPlace.BetweenEvents;

    /// <summary>Starts another response.</summary>
    public void Begin() => (_missing, _last, _isInEvent) = (0, 0, false);

    public void Feed(byte value)
    {
        _missing = value switch
        {
            >= 0xF0 => 3,
            >= 0xE0 => 2,
            >= 0xC0 => 1,
            >= 0x80 => _missing - 1,
            _ => 0,
        };
        _isInEvent = value != '\n' || _last != '\n';
        if (!_isInEvent)
            Events++;
        _last = value;
    }
}
