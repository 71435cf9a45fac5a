using Loophole.Cluster.Links;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Impairment;

/// <summary>A connection with a link through a relay, and blocks of which every sample tells its place.</summary>
internal sealed class LinkedEnds(
    IClusterConnection near, IClusterConnection far, IAudioLink sending, IAudioLink receiving, AudioStream stream, Deadline wait)
{
    private readonly Taken _taken = new(stream);
    private long _sent;

    public IClusterConnection Near => near;

    public IClusterConnection Far => far;

    public IAudioLink Sending => sending;

    public IAudioLink Receiving => receiving;

    public async Task HearCreditAsync()
    {
        while (!_taken.HasCredit)
        {
            Expect.True(await wait.For(sending.ReceiveAsync(_taken, wait.Token), "the credit").ConfigureAwait(false), "the credit to arrive", "the link ended");
        }
    }

    /// <summary>Sends whole blocks; does not wait for room.</summary>
    public Task SendAsync(int blocks)
    {
        var samples = new float[stream.MaxFramesPerBlock * stream.AudioChannels];
        for (var block = 0; block < blocks; block++)
        {
            for (var i = 0; i < samples.Length; i++)
            {
                samples[i] = Taken.SampleAt((_sent * stream.AudioChannels) + i);
            }

            Expect.True(sending.TrySend(stream.Id, _sent, samples), "the block to fit below the credit", "it did not");
            _sent += stream.MaxFramesPerBlock;
        }

        return sending.FlushAsync(wait.Token).AsTask();
    }

    /// <summary>Receives until all that was sent has arrived intact.</summary>
    public async Task HearAllAsync()
    {
        while (_taken.Frames < _sent)
        {
            Expect.True(await wait.For(receiving.ReceiveAsync(_taken, wait.Token), $"frame {_taken.Frames} of {_sent}").ConfigureAwait(false), "all blocks", "the link ended");
        }

        Expect.True(_taken.IsIntact, "every sample as it was sent", "another one arrived");
    }

    /// <summary>Receives until the link fails or its end arrives.</summary>
    public async Task<AudioLinkException?> HearFailureAsync()
    {
        try
        {
            while (await wait.For(receiving.ReceiveAsync(_taken, wait.Token), "the end of the link").ConfigureAwait(false))
            {
            }

            return null;
        }
        catch (AudioLinkException failure)
        {
            Expect.True(_taken.IsIntact && _taken.Frames <= _sent, "nothing but what was sent before the failure", "something else arrived");
            return failure;
        }
    }

    private sealed class Taken(AudioStream stream) : IAudioLinkReceiver
    {
        private readonly float[] _samples = new float[stream.MaxFramesPerBlock * stream.AudioChannels];

        public long Frames { get; private set; }

        public bool IsIntact { get; private set; } = true;

        public bool HasCredit { get; private set; }

        public static float SampleAt(long index) => 1 + (index % 65521);

        public void OnBlock(in AudioBlock block)
        {
            block.CopyTo(0, _samples.AsSpan(0, block.SampleCount));
            for (var i = 0; i < block.SampleCount; i++)
            {
                IsIntact &= _samples[i] == SampleAt((Frames * stream.AudioChannels) + i);
            }

            IsIntact &= block.Header.StartFrame == Frames;
            Frames += block.Header.FrameCount;
        }

        public void OnCredit(int streamId, long limitFrame) => HasCredit = true;

        public void OnHorizon(long horizonFrame)
        {
        }
    }
}
