using Loophole.Cluster.Links;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Rings;
using Loophole.Cluster.Tcp;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tests.Rings;

public sealed class LinkReceiverTests
{
    private const string Name = "link receiver test";

    [Fact]
    public async Task A_link_that_waits_at_the_network_has_a_thread()
    {
        await using var ends = await Ends.OpenAsync("tcp");
        var heard = await ends.HearAsync();
        Assert.All(heard, thread => Assert.Equal((Name, false), thread));
    }

    [Fact]
    public async Task Any_other_link_is_awaited()
    {
        await using var ends = await Ends.OpenAsync("memory");
        var heard = await ends.HearAsync();
        Assert.All(heard, thread => Assert.True(thread.IsOfPool));
    }

    [Theory, InlineData("tcp"), InlineData("memory")]
    public async Task It_ends_with_the_link(string scheme)
    {
        await using var ends = await Ends.OpenAsync(scheme);
        var receiving = ends.Receive(CancellationToken.None);
        await Wait.For(ends.Near.CompleteAsync(Wait.Token).AsTask());
        await Wait.For(receiving);
    }

    [Theory, InlineData("tcp"), InlineData("memory")]
    public async Task It_throws_what_the_link_fails_with(string scheme)
    {
        await using var ends = await Ends.OpenAsync(scheme);
        var receiving = ends.Receive(CancellationToken.None);
        ends.Near.Abort("test");
        var failure = await Assert.ThrowsAsync<AudioLinkException>(() => Wait.For(receiving));
        Assert.Equal(AudioLinkError.PeerReset, failure.Error);
    }

    [Theory, InlineData("tcp"), InlineData("memory")]
    public async Task Its_token_ends_it_and_leaves_the_link(string scheme)
    {
        await using var ends = await Ends.OpenAsync(scheme);
        using var ending = new CancellationTokenSource();
        var receiving = ends.Receive(ending.Token);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(receiving));
        Assert.True(receiving.IsCanceled);
        Assert.Null(ends.Far.Failure);
    }

    /// <summary>Two ends of a link, and which thread hears what one sends the other.</summary>
    private sealed class Ends : IAudioLinkReceiver, IAsyncDisposable
    {
        private const int Count = 20;

        private readonly IClusterTransport _transport;
        private readonly List<(string? Name, bool IsOfPool)> _heard = [];
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private Ends(IClusterTransport transport, IAudioLink near, IAudioLink far) => (_transport, Near, Far) = (transport, near, far);

        public IAudioLink Near { get; }

        public IAudioLink Far { get; }

        public static async Task<Ends> OpenAsync(string scheme)
        {
            IClusterTransport transport = scheme == "tcp" ? new TcpTransport(new TcpTransportOptions { InsecureLoopback = true }) : new InMemoryTransport();
            var listener = await transport.ListenAsync(new Uri(scheme == "tcp" ? "tcp://127.0.0.1:0" : "memory://x"), Wait.Token);
            var connecting = transport.ConnectAsync(listener.LocalEndPoint, Wait.Token).AsTask();
            var far = (await Wait.For(listener.AcceptAsync(Wait.Token).AsTask()))!;
            var near = await Wait.For(connecting);
            var link = await Wait.For(near.OpenAudioLinkAsync(Wait.Token).AsTask());
            return new Ends(transport, link, (await Wait.For(far.AcceptAudioLinkAsync(Wait.Token).AsTask()))!);
        }

        public Task Receive(CancellationToken cancellationToken) => LinkReceiver.RunAsync(Far, this, static () => { }, Name, cancellationToken);

        /// <summary>Sends a few horizons, the first of them before anybody receives.</summary>
        /// <returns>The threads that heard them.</returns>
        public async Task<List<(string? Name, bool IsOfPool)>> HearAsync()
        {
            Task? receiving = null;
            for (var i = 1; i <= Count; i++)
            {
                Near.GrantHorizon(i);
                await Wait.For(Near.FlushAsync(Wait.Token).AsTask());
                receiving ??= Receive(Wait.Token);
            }

            await Wait.For(_all.Task);
            await Near.CompleteAsync(Wait.Token);
            await Wait.For(receiving!);
            return _heard;
        }

        public async ValueTask DisposeAsync()
        {
            await Near.DisposeAsync();
            await Far.DisposeAsync();
            await _transport.DisposeAsync();
        }

        void IAudioLinkReceiver.OnBlock(in AudioBlock block)
        {
        }

        void IAudioLinkReceiver.OnCredit(int streamId, long limitFrame)
        {
        }

        void IAudioLinkReceiver.OnHorizon(long horizonFrame)
        {
            _heard.Add((Thread.CurrentThread.Name, Thread.CurrentThread.IsThreadPoolThread));
            if (horizonFrame == Count)
            {
                _all.SetResult();
            }
        }
    }
}
