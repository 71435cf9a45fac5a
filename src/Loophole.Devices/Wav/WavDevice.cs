using Loophole.Cluster.Devices;
using Loophole.Cluster.Media;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;
using Loophole.Devices.Calls;

namespace Loophole.Devices.Wav;

/// <summary>A clocked device that plays into a file, and records out of one.</summary>
internal sealed class WavDevice : ClockedDevice
{
    /// <summary>What may wait for the disk, and is read ahead.</summary>
    private const int RingSeconds = 4;

    private readonly WavOutput _output;
    private readonly WavInput? _input;
    private readonly NoteScript? _notes;
    private readonly WavDisk _disk;

    /// <param name="format">How it runs.</param>
    /// <param name="time">The clock.</param>
    /// <param name="sink">What is played into; owned.</param>
    /// <param name="source">What is recorded out of, or <see langword="null"/> for silence; owned.</param>
    /// <param name="notes">What is heard on the MIDI input, or <see langword="null"/> for none.</param>
    public WavDevice(AudioDeviceFormat format, TimeProvider time, IRenderSink sink, ISampleSource? source, NoteScript? notes)
        : base(format, time, "audio wav")
    {
        _notes = notes;
        var blocks = 1 + (RingSeconds * format.SampleRate / format.BlockFrames);
        _output = new WavOutput(sink, format.OutputChannels, format.BlockFrames, blocks);
        _input = source is null ? null : new WavInput(source, format.InputChannels, format.BlockFrames, blocks);
        _disk = new WavDisk(_output, _input, time, GoOn, failure => End(Told(failure)));
    }

    protected override bool IsReady => _output.HasRoom && _input?.IsReady != false;

    protected override void Run()
    {
        try
        {
            _disk.Start();
        }
        catch (IOException refused)
        {
            throw Told(refused);
        }

        base.Run();
    }

    protected override bool CallBlock()
    {
        for (var channel = 0; channel < Format.InputChannels; channel++)
        {
            // Cleared first, as a callback may have left something there.
            Input(channel).Clear();
            if (_input is not null)
            {
                _input.Channel(channel).CopyTo(Input(channel));
            }
        }

        _input?.Advance();
        if (!base.CallBlock())
        {
            return false;
        }

        for (var channel = 0; channel < Format.OutputChannels; channel++)
        {
            Output(channel).CopyTo(_output.Channel(channel));
        }

        _output.Advance();
        return true;
    }

    protected override ReadOnlySpan<MidiMessage> NextNotes() => _notes is null ? default : _notes.Next(Format.BlockFrames);

    protected override async ValueTask LeaveAsync()
    {
        try
        {
            await _disk.EndAsync(isKept: !HasFailed).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            throw Told(failure);
        }
    }

    private static AudioDeviceException Told(Exception failure) => new(AudioDeviceError.Unknown, failure.Message, failure);
}
