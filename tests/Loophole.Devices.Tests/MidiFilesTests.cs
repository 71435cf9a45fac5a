using Loophole.Cluster.Media;
using NAudio.Midi;
using MidiMessage = Loophole.Cluster.Timeline.MidiMessage;

namespace Loophole.Devices.Tests;

public sealed class MidiFilesTests : IDisposable
{
    private const int Rate = 48_000;

    private readonly WavFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(8_000)]
    [InlineData(44_100)]
    [InlineData(48_000)]
    [InlineData(88_200)]
    [InlineData(192_000)]
    public void What_was_written_is_read_back_frame_by_frame(int sampleRate)
    {
        var random = new Random(sampleRate);
        var frame = 0L;
        MidiMessage[] written = [.. Enumerable.Range(0, 2_000).Select(_ => Any(random, frame += random.Next(3) == 0 ? 0 : random.Next(5_000)))];
        Write("take.mid", sampleRate, written);
        Assert.Equal(written, MidiFiles.Read(_folder.Path("take.mid"), sampleRate));
        Assert.Equal(["take.mid"], _folder.Files);
    }

    [Fact]
    public void Nothing_played_is_a_file_without_messages()
    {
        Write("take.mid", Rate);
        Assert.Empty(MidiFiles.Read(_folder.Path("take.mid"), Rate));
    }

    [Fact]
    public void What_is_not_completed_leaves_nothing_behind_and_what_was_there_as_it_was()
    {
        Write("take.mid", Rate, new MidiMessage(7, MidiMessage.NoteOn, 1, 2));
        using (var sink = new MidiFiles().Create(_folder.Path("take.mid"), Rate))
        {
            sink.Write(new MidiMessage(9, MidiMessage.NoteOn, 3, 4));
        }

        Assert.Equal(["take.mid"], _folder.Files);
        Assert.Equal([new MidiMessage(7, MidiMessage.NoteOn, 1, 2)], MidiFiles.Read(_folder.Path("take.mid"), Rate));
    }

    [Fact]
    public void Tracks_come_together_and_time_follows_the_tempo()
    {
        // 120 to the minute, from tick 96 on 60: a tick of 96 in a quarter is 250 frames first and 500 then.
        var file = new MidiEventCollection(1, 96);
        file.AddEvent(new TempoEvent(500_000, 0), 0);
        file.AddEvent(new TempoEvent(1_000_000, 96), 0);
        file.AddEvent(new NoteOnEvent(48, 1, 60, 100, 0), 1);
        file.AddEvent(new NoteOnEvent(97, 1, 62, 100, 0), 1);
        file.AddEvent(new NoteOnEvent(96, 3, 61, 100, 0), 2);
        file.PrepareForExport();
        MidiFile.Export(_folder.Path("song.mid"), file);
        Assert.Equal(
            [(12_000L, 60, 0), (24_000L, 61, 2), (24_500L, 62, 0)],
            MidiFiles.Read(_folder.Path("song.mid"), Rate).Where(message => message.StartsNote).Select(message => (message.Frame, (int)message.Data1, message.MidiChannel)));
    }

    [Fact]
    public void A_rate_at_which_no_tick_is_a_frame_is_refused()
    {
        var refused = Assert.Throws<IOException>(() => new MidiFiles().Create(_folder.Path("take.mid"), 44_101));
        Assert.Contains("44101 Hz", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named_before_anything_is_played() =>
        Assert.Contains("nowhere", Assert.Throws<IOException>(() => new MidiFiles().Create(_folder.Path("nowhere/take.mid"), Rate)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var refused = Assert.Throws<MediaException>(() => MidiFiles.Read(_folder.Path("no.mid"), Rate));
        Assert.Equal(MediaError.NotFound, refused.Error);
        Assert.Contains("no.mid", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Time_in_frames_of_a_film_is_refused_with_its_reason()
    {
        Write("take.mid", Rate, new MidiMessage(7, MidiMessage.NoteOn, 1, 2));
        var bytes = File.ReadAllBytes(_folder.Path("take.mid"));
        (bytes[12], bytes[13]) = (0xE7, 40);
        File.WriteAllBytes(_folder.Path("film.mid"), bytes);
        Assert.Equal(MediaError.Unsupported, Assert.Throws<MediaException>(() => MidiFiles.Read(_folder.Path("film.mid"), Rate)).Error);
    }

    [Fact]
    public void Whatever_bytes_there_are_are_read_or_refused_by_name()
    {
        Write("take.mid", Rate, [.. Enumerable.Range(0, 40).Select(at => new MidiMessage(at * 100, MidiMessage.NoteOn, (byte)at, 1))]);
        var whole = File.ReadAllBytes(_folder.Path("take.mid"));
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var bytes = whole[..(random.Next(3) == 0 ? random.Next(whole.Length) : whole.Length)];
            for (var changes = random.Next(6); changes > 0 && bytes.Length > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(_folder.Path("hostile.mid"), bytes);
            try
            {
                Assert.All(MidiFiles.Read(_folder.Path("hostile.mid"), Rate), message => Assert.True(message.IsValid && message.Frame >= 0));
            }
            catch (MediaException refused)
            {
                Assert.Contains("hostile.mid", refused.Message, StringComparison.Ordinal);
            }
        }
    }

    private static MidiMessage Any(Random random, long frame)
    {
        var message = new MidiMessage(frame, (byte)random.Next(0x80, 0xF0), (byte)random.Next(128), (byte)random.Next(128));
        return message.Length == 2 ? message with { Data2 = 0 } : message;
    }

    private void Write(string name, int sampleRate, params MidiMessage[] messages)
    {
        using var sink = new MidiFiles().Create(_folder.Path(name), sampleRate);
        foreach (var message in messages)
        {
            sink.Write(message);
        }

        sink.Complete();
    }
}
