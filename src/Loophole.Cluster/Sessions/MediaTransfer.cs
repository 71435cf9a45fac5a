using System.Buffers;
using System.Buffers.Binary;
using Loophole.Cluster.Media;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Sessions;

/// <summary>Moves assets over a <c>media</c> channel. Each is: 32 bytes of SHA-256, i64 length, the bytes. The receiver answers each with one byte, 0 when it
/// is stored, otherwise a <see cref="MediaError"/>.</summary>
internal static class MediaTransfer
{
    private const int HeadLength = 32 + sizeof(long);
    private const int ChunkLength = 64 << 10;

    /// <summary>Sends assets one after the other and waits until each is stored.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="store">Where they are.</param>
    /// <param name="assets">Which.</param>
    /// <param name="patience">How long the receiver may take for a chunk, or to store an asset.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="MediaException">The receiver could not store one, or it cannot be read here.</exception>
    /// <exception cref="TransportException">The channel is lost, or the receiver took nothing for too long.</exception>
    public static async Task SendAsync(IClusterChannel channel, IMediaStore store, IEnumerable<MediaId> assets, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        using var stalled = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stalled.Token);
        try
        {
            await SendAsync(channel, store, assets, () => stalled.CancelAfter(patience), either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransportException(TransportError.Unreachable, $"The node took no media for {patience.TotalSeconds:0.#} s.");
        }
    }

    private static async Task SendAsync(IClusterChannel channel, IMediaStore store, IEnumerable<MediaId> assets, Action moved, CancellationToken cancellationToken)
    {
        foreach (var asset in assets)
        {
            using var content = store.Open(asset);
            var head = channel.Output.GetSpan(HeadLength);
            Convert.FromHexString(asset.Hex).CopyTo(head);
            BinaryPrimitives.WriteInt64LittleEndian(head[32..], content.Length);
            channel.Output.Advance(HeadLength);
            for (var offset = 0L; offset < content.Length;)
            {
                var read = content.Read(offset, channel.Output.GetSpan(ChunkLength)[..ChunkLength]);
                if (read == 0)
                {
                    throw new MediaException(MediaError.Corrupt, $"Asset {asset} ends early.");
                }

                channel.Output.Advance(read);
                offset += read;
                await channel.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
                moved();
            }

            await channel.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
            var answer = await channel.Input.ReadAtLeastAsync(1, cancellationToken).ConfigureAwait(false);
            var code = answer.Buffer.IsEmpty ? (byte)MediaError.Unreadable : answer.Buffer.FirstSpan[0];
            channel.Input.AdvanceTo(answer.Buffer.GetPosition(Math.Min(1, answer.Buffer.Length)));
            moved();
            if (code != 0)
            {
                throw new MediaException((MediaError)code, $"The node could not store asset {asset}: {(MediaError)code}.");
            }
        }
    }

    /// <summary>Stores what comes until the sender is done. An asset that cannot be stored is answered so, and ends the channel.</summary>
    /// <exception cref="TransportException">The channel is lost.</exception>
    public static async Task ReceiveAsync(IClusterChannel channel, IMediaStore store, CancellationToken cancellationToken)
    {
        var head = new byte[HeadLength];
        var stream = channel.Input.AsStream(leaveOpen: true);
        while (await stream.ReadAtLeastAsync(head, HeadLength, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) == HeadLength)
        {
            byte answer = 0;
            try
            {
                await store.ImportAsync(stream, BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(32)), MediaId.FromDigest(head.AsSpan(0, 32)), cancellationToken).ConfigureAwait(false);
            }
            catch (MediaException refused)
            {
                answer = (byte)refused.Error;
            }
            catch (ArgumentOutOfRangeException)
            {
                answer = (byte)MediaError.Corrupt;
            }

            channel.Output.GetSpan(1)[0] = answer;
            channel.Output.Advance(1);
            await channel.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (answer != 0)
            {
                return;
            }
        }
    }
}
