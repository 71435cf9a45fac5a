namespace Loophole.EndToEnd.Tests.Processes.Faults;

/// <summary>Counts what relays pass, and does something once, at an exact byte. Safe for concurrent use.</summary>
internal sealed class ByteMeter(long atByte = long.MaxValue, Action? action = null)
{
    private long _passed;

    public long Passed => Interlocked.Read(ref _passed);

    public bool HasFired => Passed >= atByte;

    /// <summary>Bytes are about to be passed on.</summary>
    public void Count(int bytes)
    {
        var now = Interlocked.Add(ref _passed, bytes);
        if (now >= atByte && now - bytes < atByte)
        {
            action?.Invoke();
        }
    }
}
