namespace Loophole.Engine.Rendering;

/// <summary>A sum at work.</summary>
/// <param name="step">What it is.</param>
/// <param name="delays">One per input, <see langword="null"/> where there is no delay.</param>
/// <param name="memory">Where the signals are.</param>
internal sealed class SumRunner(SumRenderStep step, DelayLine?[] delays, SignalMemory memory) : StepRunner
{
    /// <inheritdoc/>
    public override void Run(long position, int frameCount)
    {
        var output = memory.View(step.Output, frameCount);
        for (var i = 0; i < delays.Length; i++)
        {
            var slot = step.Inputs[i].Slot;
            var input = memory.View(slot, frameCount);
            if (delays[i] is { } delay)
            {
                var delayed = memory.Delayed(slot.AudioChannels, frameCount);
                delay.Process(input, delayed);
                input = delayed;
            }

            if (i > 0)
            {
                WidthConversion.Add(input, output, memory.Spare(frameCount));
            }
            else if (delays[i] is not null || slot != step.Output)
            {
                // Copied, not added to zero: the sum of −0 alone stays −0.
                WidthConversion.Copy(input, output);
            }
        }
    }
}
