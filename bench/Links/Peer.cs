using System.Runtime.CompilerServices;
using Loophole.Cluster.Links;

namespace Loophole.Bench.Links;

/// <summary>One end of a link that moves block periods.</summary>
internal sealed class Peer : IAudioLinkReceiver
{
    private readonly IAudioLink _link;
    private readonly Shape _shape;
    private readonly float[][] _samples;
    private readonly int _firstSent;
    private long _position;
    private int _received;

    public Peer(IAudioLink link, Shape shape, bool isHost)
    {
        (_link, _shape, _firstSent) = (link, shape, isHost ? 0 : shape.Streams);
        _samples = [.. Enumerable.Range(0, shape.Streams).Select(i => Enumerable.Repeat(i + 0.5f, shape.Frames * shape.StreamChannels).ToArray())];
    }

    /// <summary>Blocks that have come in so far.</summary>
    public long Blocks { get; private set; }

    /// <summary>Opens the streams both ways and grants all the credit there is.</summary>
    public async ValueTask OpenAsync()
    {
        for (var i = 0; i < _shape.Streams; i++)
        {
            var stream = new AudioStream(_firstSent + i, 0, _shape.StreamChannels, _shape.Frames, 0);
            _link.OpenStream(stream, StreamDirection.Send);
            stream = stream with { Id = _shape.Streams - _firstSent + i };
            _link.OpenStream(stream, StreamDirection.Receive);
            _link.Grant(stream.Id, long.MaxValue);
        }

        await _link.FlushAsync();
    }

    /// <summary>Sends the first period, as soon as the peer lets this end send; it is told of that with the first bytes.</summary>
    /// <remarks>On a thread, whatever follows: a link that was awaited once is slower ever after.</remarks>
    public Task BeginAsync() => OwnThread.RunAsync("begin", () =>
    {
        // The last one granted is the last one told.
        while (!TrySend(_shape.Streams - 1))
        {
            _link.Receive(this);
        }

        for (var i = 0; i < _shape.Streams - 1; i++)
        {
            TrySend(i);
        }

        _position += _shape.Frames;
        Flush();
        return true;
    });

    public void Send(bool flushesEach)
    {
        for (var i = 0; i < _shape.Streams; i++)
        {
            Write(i);
            if (flushesEach)
            {
                Flush();
            }
        }

        _position += _shape.Frames;
        if (!flushesEach)
        {
            Flush();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync()
    {
        for (var i = 0; i < _shape.Streams; i++)
        {
            Write(i);
        }

        _position += _shape.Frames;
        await _link.FlushAsync();
    }

    /// <returns><see langword="false"/> when the peer has completed.</returns>
    public bool Receive()
    {
        while (_received < _shape.Streams)
        {
            if (!_link.Receive(this))
            {
                return false;
            }
        }

        _received -= _shape.Streams;
        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReceiveAsync()
    {
        while (_received < _shape.Streams)
        {
            if (!await _link.ReceiveAsync(this))
            {
                return false;
            }
        }

        _received -= _shape.Streams;
        return true;
    }

    void IAudioLinkReceiver.OnBlock(in AudioBlock block)
    {
        block.CopyTo(0, _samples[block.Header.StreamId % _shape.Streams]);
        _received++;
        Blocks++;
    }

    void IAudioLinkReceiver.OnCredit(int streamId, long limitFrame)
    {
    }

    void IAudioLinkReceiver.OnHorizon(long horizonFrame)
    {
    }

    private bool TrySend(int channel) => _link.TrySend(_firstSent + channel, _position, _samples[channel]);

    private void Write(int channel)
    {
        if (!TrySend(channel))
        {
            throw new InvalidOperationException("No credit.");
        }
    }

    private void Flush()
    {
        var flushing = _link.FlushAsync();
        if (!flushing.IsCompletedSuccessfully)
        {
            flushing.AsTask().GetAwaiter().GetResult();
        }
    }
}
