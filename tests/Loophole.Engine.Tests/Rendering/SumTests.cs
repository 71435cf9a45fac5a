using Loophole.Cluster.Plan;

namespace Loophole.Engine.Tests.Rendering;

public sealed class SumTests
{
    [Fact]
    public void Inputs_are_added_from_left_to_right()
    {
        // At 1e8 a float knows only every eighth number: in this order 3 is lost, in any other it is not.
        Assert.Equal([0f], SumOf(1, [1e8f], [3f], [-1e8f]));
        Assert.Equal([3f], SumOf(1, [1e8f], [-1e8f], [3f]));
    }

    [Fact]
    public void A_sum_of_one_keeps_the_sign_of_zero() =>
        Assert.Equal(BitConverter.SingleToInt32Bits(-0f), BitConverter.SingleToInt32Bits(SumOf(1, [-0f])[0]));

    [Theory]
    [InlineData(2, new[] { 5f }, new[] { 5f, 5f })]
    [InlineData(1, new[] { 1f, 2f, 6f }, new[] { 3f })]
    [InlineData(2, new[] { 1f, 2f, 3f, 4f }, new[] { 1f, 2f })]
    [InlineData(4, new[] { 1f, 2f }, new[] { 1f, 2f, 0f, 0f })]
    public void A_frame_is_converted_to_the_width_of_the_sum_and_of_the_Channel(int width, float[] frame, float[] expected)
    {
        Assert.Equal(expected, SumOf(width, frame));
        Assert.Equal(expected.Select(sample => sample + sample), SumOf(width, frame, frame));

        var (input, output) = (new PlanSignal(0, frame.Length), new PlanSignal(1, width));
        using var renderer = PlanBuilder.Create(PlanBuilder.Plan([input], [output], PlanBuilder.Channel(output, 0)));
        Assert.Equal(expected, PlanBuilder.Render(renderer, 1, frame)[0]);
    }

    [Fact]
    public void An_input_listed_twice_is_added_twice() => Assert.Equal([3f], SumOf([new SumInput(0, 0), new SumInput(0, 0), new SumInput(0, 0)], [1f]));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(200)]
    public void An_edge_delay_delays_by_exactly_its_frames(int delay)
    {
        var (input, output) = (new PlanSignal(0, 2), new PlanSignal(1, 2));
        using var renderer = PlanBuilder.Create(PlanBuilder.Plan([input], [output], PlanBuilder.Sum(output, new SumInput(0, delay))));
        var source = Enumerable.Range(1, 600).Select(number => (float)number).ToArray();
        var rendered = new List<float>();
        for (int position = 0, frames = 1; position < source.Length / 2; position += frames, frames = Math.Min((frames * 3 % 64) + 1, (source.Length / 2) - position))
        {
            rendered.AddRange(PlanBuilder.Render(renderer, frames, source[(position * 2)..((position + frames) * 2)])[0]);
        }

        Assert.Equal([.. Enumerable.Repeat(0f, delay * 2), .. source[..^(delay * 2)]], rendered);
    }

    private static float[] SumOf(int width, params float[][] frames)
    {
        var inputs = frames.Select((frame, index) => new PlanSignal(index, frame.Length)).ToArray();
        var output = new PlanSignal(frames.Length, width);
        var plan = PlanBuilder.Plan(inputs, [output], PlanBuilder.Sum(output, [.. inputs.Select(input => new SumInput(input.Id, 0))]));
        using var renderer = PlanBuilder.Create(plan);
        return PlanBuilder.Render(renderer, 1, frames)[0];
    }

    private static float[] SumOf(SumInput[] inputs, float[] frame)
    {
        var output = new PlanSignal(1, 1);
        using var renderer = PlanBuilder.Create(PlanBuilder.Plan([new PlanSignal(0, frame.Length)], [output], PlanBuilder.Sum(output, inputs)));
        return PlanBuilder.Render(renderer, 1, frame)[0];
    }
}
