using System.Text.Json;
using Loophole.Cluster.Control;
using Loophole.Cluster.Links;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Impairment;

/// <summary>All that happens on a connection, in small: it is made, greets over the control channel, opens a link, and sends one block for one credit.
/// Either end ends with all of it, or with an error that has a name.</summary>
internal sealed class SmallExchange(IClusterTransport transport, IClusterListener listener, Uri remote, Deadline wait)
{
    private static readonly AudioStream Stream = new(Id: 3, Epoch: 1, AudioChannels: 2, MaxFramesPerBlock: 16, StartFrame: 480);
    private static readonly JsonElement Hello = JsonDocument.Parse("""{"name":"exchange"}""").RootElement;
    private static readonly float[] Samples = [.. Enumerable.Range(1, 32).Select(i => i / 64f)];

    // A time of day with fewer digits is shorter: every exchange is to have the same bytes.
    private static readonly TimeProvider Clock = new StandingClock();

    private readonly CancellationTokenSource _given = new();

    /// <summary>Runs both ends and lets go of everything.</summary>
    /// <returns>The error that each end met, or <see langword="null"/> when it got through.</returns>
    /// <exception cref="UnmetException">An end hangs, meets an error without a name, or is handed something else than was sent.</exception>
    public async Task<(Exception? Near, Exception? Far)> RunAsync()
    {
        var far = JudgeAsync(FarAsync());
        var near = await wait.For(JudgeAsync(NearAsync()), "the end of the connecting side").ConfigureAwait(false);
        await _given.CancelAsync().ConfigureAwait(false);
        var result = (near, await wait.For(far, "the end of the accepting side").ConfigureAwait(false));
        _given.Dispose();
        return result;
    }

    /// <summary>An error that an end may meet when its network fails.</summary>
    public static bool IsNamed(Exception exception) => exception is
        TransportException { Error: not TransportError.Unknown } or
        AudioLinkException { Error: not AudioLinkError.Unknown } or
        ControlException { Code: ControlException.ConnectionLostCode or ControlException.TimeoutCode };

    private static async Task<Exception?> JudgeAsync(Task end)
    {
        var met = await Expect.CatchAsync(end).ConfigureAwait(false);
        Expect.True(met is null || IsNamed(met), "an error with a name", $"{met?.GetType().Name}: {met?.Message}");
        return met;
    }

    private async Task NearAsync()
    {
        var connection = await transport.ConnectAsync(remote, wait.Token).ConfigureAwait(false);
        await using var ending = connection.ConfigureAwait(false);
        var control = new PipeControlChannel(connection.Control, new PipeControlChannelOptions { Party = Party.Pulse, RequestTimeout = TimeSpan.FromMinutes(1) }, timeProvider: Clock);
        var running = control.RunAsync(new Echo(), wait.Token);
        try
        {
            var answer = await control.RequestAsync(Party.Signal, "client", "hello", Hello, wait.Token).ConfigureAwait(false);
            Expect.Equal(Hello.GetRawText(), answer.Payload.GetRawText(), "the answer to the greeting");
            var link = await connection.OpenAudioLinkAsync(wait.Token).ConfigureAwait(false);
            link.OpenStream(Stream, StreamDirection.Send);
            var heard = new Listening();
            while (!link.TrySend(Stream.Id, Stream.StartFrame, Samples))
            {
                await ReceiveAsync(link, heard).ConfigureAwait(false);
            }

            await link.FlushAsync(wait.Token).ConfigureAwait(false);
            while (heard.Horizon == 0)
            {
                await ReceiveAsync(link, heard).ConfigureAwait(false);
            }

            Expect.Equal(Stream.StartFrame + 16, heard.Horizon, "the horizon that answers the block");
            await link.CompleteAsync(wait.Token).ConfigureAwait(false);
        }
        finally
        {
            await control.DisposeAsync().ConfigureAwait(false);
            await Expect.CatchAsync(running).ConfigureAwait(false);
        }
    }

    private async Task FarAsync()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_given.Token, wait.Token);
        if (await AcceptAsync(stop.Token).ConfigureAwait(false) is not { } connection)
        {
            return;
        }

        await using var ending = connection.ConfigureAwait(false);
        var control = new PipeControlChannel(connection.Control, new PipeControlChannelOptions { Party = Party.Signal }, timeProvider: Clock);
        var running = control.RunAsync(new Echo(), wait.Token);
        try
        {
            if (await connection.AcceptAudioLinkAsync(wait.Token).ConfigureAwait(false) is { } link)
            {
                await TakeBlockAsync(link).ConfigureAwait(false);
            }

            await running.ConfigureAwait(false);
        }
        finally
        {
            await control.DisposeAsync().ConfigureAwait(false);
            await Expect.CatchAsync(running).ConfigureAwait(false);
        }
    }

    private async Task<IClusterConnection?> AcceptAsync(CancellationToken token)
    {
        try
        {
            return await listener.AcceptAsync(token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!wait.Token.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task TakeBlockAsync(IAudioLink link)
    {
        link.OpenStream(Stream, StreamDirection.Receive);
        link.Grant(Stream.Id, Stream.StartFrame + 16);
        await link.FlushAsync(wait.Token).ConfigureAwait(false);
        var heard = new Listening();
        while (heard.Block is null)
        {
            await ReceiveAsync(link, heard).ConfigureAwait(false);
        }

        Expect.Sequence(Samples, heard.Block, "the block's samples");
        link.GrantHorizon(Stream.StartFrame + 16);
        await link.FlushAsync(wait.Token).ConfigureAwait(false);
        while (await link.ReceiveAsync(heard, wait.Token).ConfigureAwait(false))
        {
        }
    }

    private async Task ReceiveAsync(IAudioLink link, Listening heard) => Expect.True(
        await link.ReceiveAsync(heard, wait.Token).ConfigureAwait(false), "the link to go on", "it ended in good order before the exchange was over");

    private sealed class Listening : IAudioLinkReceiver
    {
        public float[]? Block { get; private set; }

        public long Horizon { get; private set; }

        public void OnBlock(in AudioBlock block)
        {
            Block = new float[block.SampleCount];
            block.CopyTo(0, Block);
        }

        public void OnCredit(int streamId, long limitFrame)
        {
        }

        public void OnHorizon(long horizonFrame) => Horizon = horizonFrame;
    }

    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
    }

    private sealed class Echo : IControlHandler
    {
        public ValueTask<JsonElement> HandleCommandAsync(Envelope command, CancellationToken cancellationToken) => new(command.Payload);

        public ValueTask HandleEventAsync(Envelope envelope, CancellationToken cancellationToken) => default;
    }
}
