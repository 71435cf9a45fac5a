using System.Buffers;
using Loophole.Cluster.Audio;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.TestKit.Rendering;

/// <summary>Random audio, random lines for the parameters and random notes for an instrument, and ways to run a processor over them. Everything follows from the subject's seed.</summary>
internal sealed class ProcessorScene
{
    private readonly ProcessorSubject _subject;
    private readonly List<(int Start, ParameterRamp[] Ramps, MidiMessage[] Notes)> _pieces = [];

    public ProcessorScene(ProcessorSubject subject)
    {
        _subject = subject;
        Descriptor = subject.Factory.Describe(subject.Node) ?? throw new UnmetException("Describe to know the subject's node", "it gave null");
        Random = new Random(subject.Seed);
        FirstFrame = Random.Next(-5_000, 5_000);
        MakePieces();
        Audio = [.. Enumerable.Range(0, subject.Context.AudioChannels).Select(_ => RandomAudio())];
    }

    public Random Random { get; }

    public ProcessorDescriptor Descriptor { get; }

    public long FirstFrame { get; }

    public float[][] Audio { get; }

    public int Frames => _subject.SceneFrames;

    public int MaxBlockFrames => _subject.Context.MaxBlockFrames;

    public IProcessor Create() => _subject.Factory.Create(_subject.Node, _subject.Context);

    public float[][] CopyAudio() => [.. Audio.Select(channel => channel.ToArray())];

    public float[][] Silence(int frames) => [.. Audio.Select(_ => new float[frames])];

    /// <summary>Constant lines at the values that the node sets.</summary>
    public ParameterRamp[] Constants() =>
    [
        .. Descriptor.Parameters.Select(p => new ParameterRamp(0, _subject.Node.Parameters.FirstOrDefault(s => s.Name == p.Name)?.Value ?? p.Default, 0)),
    ];

    /// <summary>The whole scene through a new instance in the largest blocks.</summary>
    public float[][] Whole()
    {
        using var processor = Create();
        var audio = CopyAudio();
        Run(processor, audio, 0, Frames, () => MaxBlockFrames);
        return audio;
    }

    /// <summary>Runs frames of the scene, split where its parameters change and otherwise as <paramref name="blockFrames"/> says before each call; with its notes unless told otherwise.</summary>
    public void Run(IProcessor processor, float[][] audio, int start, int end, Func<int> blockFrames, bool withNotes = true)
    {
        while (start < end)
        {
            var piece = _pieces.FindLastIndex(p => p.Start <= start);
            var pieceEnd = piece + 1 < _pieces.Count ? _pieces[piece + 1].Start : Frames;
            var count = Math.Min(blockFrames(), Math.Min(end, pieceEnd) - start);
            Call(processor, audio, start, count, FirstFrame + start, _pieces[piece].Ramps, withNotes && start == _pieces[piece].Start ? _pieces[piece].Notes : []);
            start += count;
        }
    }

    /// <summary>Runs audio with parameters that stand still.</summary>
    public void RunConstant(IProcessor processor, float[][] audio, long firstFrame, ParameterRamp[]? ramps = null)
    {
        ramps ??= Constants();
        for (var start = 0; start < audio[0].Length; start += MaxBlockFrames)
        {
            Call(processor, audio, start, Math.Min(MaxBlockFrames, audio[0].Length - start), firstFrame + start, ramps, []);
        }
    }

    public static byte[] Save(IProcessor processor)
    {
        var writer = new ArrayBufferWriter<byte>();
        processor.Save(writer);
        return writer.WrittenSpan.ToArray();
    }

    private static void Call(IProcessor processor, float[][] audio, int start, int count, long frame, ParameterRamp[] ramps, MidiMessage[] notes)
    {
        var storage = new float[audio.Length * count];
        for (var channel = 0; channel < audio.Length; channel++)
        {
            audio[channel].AsSpan(start, count).CopyTo(storage.AsSpan(channel * count));
        }

        processor.Process(new ProcessorBlock
        {
            Frame = frame,
            ProjectFrame = frame,
            IsPlaying = true,
            Audio = new AudioBuffer(storage, audio.Length, count, count),
            Parameters = ramps,
            Notes = notes,
        });
        for (var channel = 0; channel < audio.Length; channel++)
        {
            storage.AsSpan(channel * count, count).CopyTo(audio[channel].AsSpan(start));
        }
    }

    private void MakePieces()
    {
        var ramps = Constants();
        for (var start = 0; start < Frames; start += Random.Next(6) switch { 0 => 1, 1 => Random.Next(1, 32), 2 => 32, _ => Random.Next(1, 1_000) })
        {
            ramps = [.. ramps];
            for (var i = 0; i < ramps.Length; i++)
            {
                if (!Descriptor.Parameters[i].IsFixed && (start == 0 || Random.Next(3) == 0))
                {
                    ramps[i] = RandomRamp(Descriptor.Parameters[i], FirstFrame + start);
                }
            }

            _pieces.Add((start, ramps, RandomNotes(FirstFrame + start)));
        }
    }

    /// <summary>Few keys and channels, so that notes meet: starts, ends, the pedal, bends, and whatever else there is.</summary>
    private MidiMessage[] RandomNotes(long frame)
    {
        if (!Descriptor.PlaysNotes)
        {
            return [];
        }

        var notes = new MidiMessage[Random.Next(4)];
        foreach (ref var note in notes.AsSpan())
        {
            var kind = Random.Next(8) switch { 0 => MidiMessage.PitchBend, 1 => MidiMessage.Controller, 2 or 3 => MidiMessage.NoteOff, 4 => Random.Next(0x8, 0xF) << 4, _ => MidiMessage.NoteOn };
            var controller = Random.Next(4) switch { 0 => 120, 1 => 123, _ => 64 };
            note = new MidiMessage(frame, (byte)(kind | Random.Next(2)), (byte)(kind == MidiMessage.Controller ? controller : Random.Next(48, 60)), (byte)Random.Next(128));
        }

        return notes;
    }

    private ParameterRamp RandomRamp(ParameterDescriptor parameter, long frame)
    {
        // Also beyond the range, where the processor has to clamp.
        double Value() => parameter.Minimum + (((1.2 * Random.NextDouble()) - 0.1) * (parameter.Maximum - parameter.Minimum));
        var slope = Random.Next(2) == 0 ? 0 : (Value() - Value()) / Random.Next(1, 2_000);
        return new ParameterRamp(frame - (Random.Next(3) == 0 ? Random.Next(0, 100) : 0), Random.Next(4) == 0 ? parameter.Default : Value(), slope);
    }

    private float[] RandomAudio()
    {
        var audio = new float[Frames];
        for (var start = 0; start < Frames;)
        {
            var length = Math.Min(Random.Next(1, 600), Frames - start);
            RenderBits.Noise(Random, audio.AsSpan(start, length), Random.Next(8) switch { 0 => 0, 1 => 1e-38, 2 => 1e-20, 3 => 1e25, 4 => 3, _ => 0.5 });
            start += length;
        }

        return audio;
    }
}
