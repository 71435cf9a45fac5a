namespace Loophole.Devices.Tests.Support;

/// <summary>Hears 1, 2, 3, … in a row, bit for bit. Starts anew after a gap: a server that was late drops blocks, which is no fault of the device.</summary>
/// <param name="length">Samples that must come without a gap.</param>
internal sealed class Listener(int length)
{
    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private float _last;
    private int _run;
    private int _longest;

    public Task HeardAsync() => Deadline.WaitAsync(_heard.Task, $"{length} samples as played and without a gap");

    public void Take(ReadOnlySpan<float> samples)
    {
        foreach (var sample in samples)
        {
            _run = sample != 0 && sample == _last + 1 ? _run + 1 : 0;
            _last = sample;
            if (_run > _longest)
            {
                _longest = _run;
            }
        }

        if (_longest >= length)
        {
            _heard.TrySetResult();
        }
    }
}
