namespace Loophole.Cluster.Meters;

/// <summary>What is known of a meter: the newest window that was heard to its end, and those that come after. One caller at a time.</summary>
/// <param name="windowFrames">The length of a window.</param>
internal sealed class MeterTrail(int windowFrames)
{
    private readonly List<MeterWindow> _windows = [];

    /// <summary>Takes note of a window; it replaces one of the same frames. One that is behind what is shown is of no use.</summary>
    /// <param name="window">The window.</param>
    /// <param name="heardFrame">The node-local frame that is heard.</param>
    public void Put(MeterWindow window, long heardFrame)
    {
        var before = _windows.FindLastIndex(known => known.StartFrame <= window.StartFrame);
        if (before >= 0 && _windows[before].StartFrame == window.StartFrame)
        {
            _windows[before] = window;
        }
        else
        {
            _windows.Insert(before + 1, window);
            Forget(heardFrame);
        }
    }

    /// <summary>The newest window that is heard to its end; forgets those before it. Frames never go back.</summary>
    public MeterWindow? At(long heardFrame)
    {
        Forget(heardFrame);
        return _windows.Count > 0 && IsHeard(_windows[0], heardFrame) ? _windows[0] : null;
    }

    /// <summary>Forgets what was measured of a frame or of any after it.</summary>
    public void TakeBack(long frame) => _windows.RemoveAll(window => !IsHeard(window, frame));

    private bool IsHeard(MeterWindow window, long heardFrame) => window.StartFrame + windowFrames <= heardFrame;

    private void Forget(long heardFrame)
    {
        if (_windows.FindLastIndex(window => IsHeard(window, heardFrame)) is var heard && heard > 0)
        {
            _windows.RemoveRange(0, heard);
        }
    }
}
