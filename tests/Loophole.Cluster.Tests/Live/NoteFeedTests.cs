using Loophole.Cluster.Live;
using Loophole.Cluster.Playback;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.TestKit;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tests.Live;

public sealed class NoteFeedTests
{
    private const int Call = 256;

    private readonly NoteFeed _feed = new();
    private long _written;
    private long _read;
    private int _missing;

    [Fact]
    public void Blocks_have_what_was_heard_in_them_whatever_their_size()
    {
        var random = new Random(1);
        var (heard, read) = (new List<MidiMessage>(), new List<MidiMessage>());
        for (var call = 0; call < 500; call++)
        {
            MidiMessage[] notes = [.. Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(Call)).Order().Select(Note)];
            heard.AddRange(notes.Select(note => note with { Frame = _written + note.Frame }));
            Write(notes);
            while (_read < _written)
            {
                var (start, frames) = (_read, (int)Math.Min(1 + random.Next(200), _written - _read));
                var block = Read(frames);
                Assert.All(block, note => Assert.InRange(note.Frame, start, start + frames - 1));
                read.AddRange(block);
            }
        }

        Assert.Equal(heard, read);
        Assert.Equal(0, _missing);
    }

    [Fact]
    public void What_a_device_says_beyond_its_call_is_heard_at_the_edge_of_it()
    {
        Write(Note(-5), Note(Call + 5));
        Assert.Equal([0L, Call - 1], Read(Call).Select(note => note.Frame));
    }

    [Fact]
    public void More_in_a_block_than_a_renderer_takes_is_missing_in_that_block()
    {
        Write([.. Enumerable.Repeat(Note(7), ILiveRenderer.MaxHeard + 1)]);
        Write(Note(1));
        Assert.Equal(ILiveRenderer.MaxHeard, Read(Call).Length);
        Assert.Equal(Call, _missing);
        _missing = 0;
        Assert.Single(Read(Call));
        Assert.Equal(0, _missing);
    }

    [Fact]
    public void More_than_is_kept_is_missing_until_it_is_passed()
    {
        for (var call = 0; call < 9; call++)
        {
            Write([.. Enumerable.Repeat(Note(0), 1_000)]);
        }

        for (var call = 0; call < 9; call++)
        {
            _missing = 0;
            Assert.Equal(call < 8 ? 1_000 : 192, Read(Call).Length);
            Assert.Equal(Call, _missing);
        }

        _missing = 0;
        Write(Note(3));
        Assert.Single(Read(Call));
        Assert.Equal(0, _missing);
    }

    [Fact]
    public async Task A_take_has_what_its_MIDI_channel_heard_and_counts_what_it_lost()
    {
        var sinks = new FakeNoteSinks();
        var clock = new ManualTimeProvider();
        var (all, one) = (new NoteRecording(sinks.Create("all", 48_000), null, clock), new NoteRecording(sinks.Create("one", 48_000), 1, clock));
        var feed = new NoteFeed(all, one);
        feed.Write([Note(3), Note(5) with { Status = MidiMessage.NoteOn + 1 }], 1_000, Call);
        // Nobody writes as long as the clock stands.
        for (var more = 0; more < 9; more++)
        {
            feed.Write([.. Enumerable.Repeat(Note(0), 1_000)], 2_000, Call);
        }

        await all.CompleteAsync();
        await one.CompleteAsync();
        Assert.Equal([1_005L], sinks.Takes["one"].Select(note => note.Frame));
        Assert.Equal([1_003L, 1_005L, 2_000L], sinks.Takes["all"].Take(3).Select(note => note.Frame));
        Assert.Equal((9_002 - sinks.Takes["all"].Length, 0L), (all.Lost, one.Lost));
        Assert.True(all.Lost > 0);
        await all.DisposeAsync();
        await one.DisposeAsync();
    }

    private static MidiMessage Note(int frame) => new(frame, MidiMessage.NoteOn, 60, 100);

    private void Write(params MidiMessage[] notes)
    {
        _feed.Write(notes, _written, Call);
        _written += Call;
    }

    private MidiMessage[] Read(int frames)
    {
        MidiMessage[] notes = [.. _feed.Read(_read, frames, ref _missing)];
        _read += frames;
        return notes;
    }
}
