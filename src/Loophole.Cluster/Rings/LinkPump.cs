using Loophole.Cluster.Links;

namespace Loophole.Cluster.Rings;

/// <summary>Writes into a link and flushes it, one writer at a time: a loop that is woken by a ring and writes everything there is, and beside it whoever cannot wait until that loop
/// has been woken, with one source, on its own thread.</summary>
/// <param name="link">The link. Nobody else writes.</param>
/// <param name="writeAll">Writes what there is, as far as a budget goes; says whether anything was written.</param>
/// <param name="onFlushed">What <paramref name="writeAll"/> wrote is flushed.</param>
internal sealed class LinkPump(IAudioLink link, Func<bool> writeAll, Action onFlushed)
{
    private const int Free = 0;
    private const int Taken = 1;

    /// <summary>Taken, and the loop waits for it.</summary>
    private const int Wanted = 2;

    /// <summary>Left to the loop, with a flush or a failure that it is to await.</summary>
    private const int HandedOver = 3;

    /// <summary>The loop has ended.</summary>
    private const int Closed = 4;

    private readonly AsyncDoorbell _bell = new();
    private Task? _left;
    private int _gate;

    /// <summary>There is something to write, or the loop is to look whether it is to end. [any but the audio thread]</summary>
    public void Ring() => _bell.Ring();

    /// <summary>Writes and flushes one source on the calling thread; if somebody else is at the link, the loop does it. Never throws, never waits: what fails ends the loop. [any but the audio thread]</summary>
    public void Send(ILinkSource source)
    {
        if (Interlocked.CompareExchange(ref _gate, Taken, Free) != Free)
        {
            _bell.Ring();
        }
        else if (TryWriteAndFlush(source))
        {
            Leave(Free);
        }
        else
        {
            Leave(HandedOver);
            _bell.Ring();
        }
    }

    /// <summary>Pumps until it is cancelled, or the link fails.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                if (!TryEnter())
                {
                    await _bell.WaitAsync().ConfigureAwait(false);
                    continue;
                }

                if (_left is { } left)
                {
                    _left = null;
                    await left.ConfigureAwait(false);
                }

                var wrote = writeAll();
                if (wrote)
                {
                    await link.FlushAsync(cancellationToken).ConfigureAwait(false);
                }

                Leave(Free);
                if (wrote)
                {
                    onFlushed();
                }
                else
                {
                    await _bell.WaitAsync().ConfigureAwait(false);
                }
            }
        }
        finally
        {
            Volatile.Write(ref _gate, Closed);
        }
    }

    /// <summary>Enters, or sees to it that the bell is rung by whoever leaves. [loop]</summary>
    private bool TryEnter()
    {
        while (true)
        {
            var seen = Interlocked.CompareExchange(ref _gate, Taken, Free);
            if (seen is Free or HandedOver)
            {
                Volatile.Write(ref _gate, Taken);
                return true;
            }

            if (Interlocked.CompareExchange(ref _gate, Wanted, Taken) is Taken or Wanted)
            {
                return false;
            }
        }
    }

    /// <summary>Lets others in, unless the loop has ended meanwhile.</summary>
    private void Leave(int state)
    {
        var seen = Interlocked.CompareExchange(ref _gate, state, Taken);
        if (seen == Wanted && Interlocked.CompareExchange(ref _gate, state, Wanted) == Wanted)
        {
            _bell.Ring();
        }
    }

    /// <returns>Whether all that was written is flushed.</returns>
    private bool TryWriteAndFlush(ILinkSource source)
    {
        try
        {
            var budget = int.MaxValue;
            if (!source.Write(link, ref budget))
            {
                return true;
            }

            var flushing = link.FlushAsync(CancellationToken.None);
            if (flushing.IsCompletedSuccessfully)
            {
                flushing.GetAwaiter().GetResult();
                return true;
            }

            _left = flushing.AsTask();
        }
        catch (Exception failure)
        {
            _left = Task.FromException(failure);
        }

        return false;
    }
}
