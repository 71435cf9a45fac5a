using Loophole.Cluster.Audio;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;

namespace Loophole.Engine.Tests.Processors;

public sealed class SynthTests
{
    private const int Rate = 48_000;
    private const int Second = Rate;

    private readonly IProcessor _synth;
    private readonly ParameterRamp[] _ramps;
    private long _frame;

    public SynthTests()
    {
        var node = Rig.Node("synth", ("wave", 0), ("level", 1), ("attack", 0), ("decay", 0), ("sustain", 1), ("release", 0.01));
        _synth = Rig.Factory.Create(node, Rig.Context(Rate, audioChannels: 1));
        _ramps = Rig.Constants(node);
    }

    [Theory]
    [InlineData(69, 8_192, 440)]
    [InlineData(57, 8_192, 220)]
    [InlineData(69, 16_383, 493.88)]
    [InlineData(69, 0, 391.99)]
    public void A_key_has_its_frequency_and_bends_by_two_semitones(int key, int bend, double frequency)
    {
        var sound = Play(Second, On(key), new MidiMessage(0, MidiMessage.PitchBend, (byte)(bend & 127), (byte)(bend >> 7)));
        Assert.InRange(Crossings(sound), frequency - 1, frequency + 1);
    }

    [Fact]
    public void A_note_sounds_until_it_is_let_go_and_then_for_its_release()
    {
        Assert.InRange(Peak(Play(Second, On(60))), 0.99, 1);
        Assert.InRange(Peak(Play(400, Off(60))), 0.01, 1);
        Play(100);
        Assert.Equal(0, Peak(Play(Second)));
    }

    [Fact]
    public void The_pedal_holds_what_is_let_go_while_it_is_down()
    {
        Play(100, On(60), Control(64, 127), Off(60));
        Assert.InRange(Peak(Play(Second)), 0.99, 1);
        Play(Second, Control(64, 0));
        Assert.Equal(0, Peak(Play(100)));
    }

    [Fact]
    public void The_pedal_of_one_midi_channel_is_not_that_of_another()
    {
        Play(100, On(60), new MidiMessage(0, MidiMessage.Controller + 1, 64, 127), Off(60));
        Play(Second);
        Assert.Equal(0, Peak(Play(100)));
    }

    [Theory]
    [InlineData(120, true)]
    [InlineData(123, false)]
    public void Everything_can_be_ended(byte controller, bool atOnce)
    {
        Play(100, On(60), On(64), On(67));
        Assert.Equal(atOnce, Peak(Play(10, Control(controller, 0))) == 0);
        Play(Second);
        Assert.Equal(0, Peak(Play(100)));
    }

    [Fact]
    public void Velocity_is_loudness() => Assert.Equal(0.5, Peak(Play(Second, new MidiMessage(0, MidiMessage.NoteOn, 69, 64))), 0.01);

    [Fact]
    public void With_more_notes_than_voices_the_oldest_that_was_let_go_makes_room()
    {
        Play(10, [.. Enumerable.Range(40, 32).Select(On)]);
        Play(10, Off(45));
        Play(10, On(100));
        // What is left of key 45 is gone, and all others sound: each ends when it is let go.
        var ends = Enumerable.Range(40, 32).Where(key => key != 45).Append(100).Select(Off).ToArray();
        Play(Second, ends[1..]);
        Assert.InRange(Peak(Play(Second)), 0.99, 1);
        Play(Second, ends[0]);
        Assert.Equal(0, Peak(Play(100)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_wave_is_of_its_key_and_within_bounds(int wave)
    {
        Set(wave, 0, 0, 1, 0);
        var sound = Play(Second, On(69));
        Assert.InRange(Crossings(sound), 439, 441);
        Assert.InRange(Peak(sound), 0.9, 1.1);
    }

    [Fact]
    public void It_goes_on_from_a_checkpoint_in_whatever_it_was_at()
    {
        MidiMessage[][] happens = [[On(60)], [On(64), Control(64, 127)], [Off(60)], [new MidiMessage(0, MidiMessage.PitchBend, 5, 80)], [Control(64, 0)], [Off(64), On(67)], []];
        Set(wave: 2, attack: 0.02, decay: 0.05, sustain: 0.3, release: 0.04);
        for (var round = 0; round < 120; round++)
        {
            using var copy = Rig.Factory.Create(Rig.Node("synth"), Rig.Context(Rate, audioChannels: 1));
            copy.Restore(Rig.Save(_synth));
            var notes = round % 5 == 0 ? happens[round / 5 % happens.Length] : [];
            Assert.Equal(Play(copy, 230, notes), Play(230, notes));
        }
    }

    private void Set(double wave, double attack, double decay, double sustain, double release)
    {
        double[] values = [wave, 1, attack, decay, sustain, release];
        for (var at = 0; at < values.Length; at++)
        {
            _ramps[at] = new ParameterRamp(0, values[at], 0);
        }
    }

    private static MidiMessage On(int key) => new(0, MidiMessage.NoteOn, (byte)key, 127);

    private static MidiMessage Off(int key) => new(0, MidiMessage.NoteOff, (byte)key, 0);

    private static MidiMessage Control(byte controller, byte value) => new(0, MidiMessage.Controller, controller, value);

    private static float Peak(float[] sound) => sound.Max(Math.Abs);

    /// <summary>How often it comes up through zero, in a second.</summary>
    private static int Crossings(float[] sound) => Enumerable.Range(1, sound.Length - 1).Count(at => sound[at - 1] < 0 && sound[at] >= 0);

    private float[] Play(int frames, params MidiMessage[] notes)
    {
        var sound = Play(_synth, frames, notes);
        _frame += frames;
        return sound;
    }

    private float[] Play(IProcessor synth, int frames, params MidiMessage[] notes)
    {
        var sound = new float[frames];
        for (var start = 0; start < frames; start += 512)
        {
            var count = Math.Min(512, frames - start);
            var block = new float[count];
            synth.Process(new ProcessorBlock
            {
                Frame = _frame + start,
                ProjectFrame = 0,
                IsPlaying = false,
                Audio = new AudioBuffer(block, 1, count, count),
                Parameters = _ramps,
                Notes = start == 0 ? notes : [],
            });
            block.CopyTo(sound, start);
        }

        return sound;
    }
}
