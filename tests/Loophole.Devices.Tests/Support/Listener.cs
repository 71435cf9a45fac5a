namespace Loophole.Devices.Tests.Support;

/// <summary>Keeps what comes in, from the first sound on.</summary>
internal sealed class Listener(int length)
{
    private readonly float[] _samples = new float[length];
    private readonly TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    public Task Full => _full.Task;

    public void Take(ReadOnlySpan<float> samples)
    {
        if (_count == 0)
        {
            var sound = samples.IndexOfAnyExcept(0f);
            samples = sound < 0 ? [] : samples[sound..];
        }

        samples = samples[..Math.Min(samples.Length, _samples.Length - _count)];
        samples.CopyTo(_samples.AsSpan(_count));
        _count += samples.Length;
        if (_count == _samples.Length)
        {
            _full.TrySetResult();
        }
    }

    /// <summary>Every sample is one more than that before it.</summary>
    public void AssertCounts()
    {
        var gaps = Enumerable.Range(1, _samples.Length - 1).Where(at => _samples[at] != _samples[at - 1] + 1).Take(5).ToArray();
        Assert.True(gaps.Length == 0, $"Not as played, for example: {string.Join(", ", gaps.Select(at => $"[{at}] {_samples[at - 1]} then {_samples[at]}"))}");
    }
}
