using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Tests.Rendering.Fakes;

/// <summary>An instrument that puts out a number which every message changes, and the order of a start and an end too; that of two ends does not.</summary>
internal sealed class Keys(int audioChannels) : TestProcessor(audioChannels, 1)
{
    private const float Size = 1e-4f;

    public override void Process(in ProcessorBlock block)
    {
        foreach (var message in block.Notes)
        {
            Assert.Equal(block.Frame, message.Frame);
            foreach (ref var number in State)
            {
                // Whole numbers, so that nothing is rounded.
                number = message.EndsNote ? number - message.Data1 : Math.Floor(number / 2) + (message.Status * 3) + (message.Data1 * 5) + message.Data2;
            }
        }

        base.Process(block);
    }

    protected override float Tick(float sample, Span<double> state, Instant now, ReadOnlySpan<ParameterRamp> parameters) => sample + ((float)state[0] * Size);
}
