using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tests.Transports;

public sealed class TransportSetTests
{
    private static readonly Uri Tcp = new("tcp://peer:1");
    private static readonly Uri Quic = new("quic://peer:2");
    private static readonly Uri Pigeon = new("pigeon://peer:3");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("tcp quic", "tcp quic", "tcp")]
    [InlineData("quic tcp", "quic tcp", "tcp")]
    [InlineData("quic", "tcp quic", "quic")]
    [InlineData("tcp quic", "quic", "quic")]
    [InlineData("pigeon tcp", "pigeon tcp", "tcp")]
    [InlineData("pigeon quic", "quic pigeon", "quic")]
    [InlineData("pigeon", "tcp pigeon", "pigeon")]
    public async Task Auto_takes_what_is_preferred_of_what_both_have(string ours, string theirs, string chosen)
    {
        await using var set = Set(ours);
        Assert.Equal(chosen, set.Choose(Offers(theirs)).Scheme);
    }

    [Fact]
    public async Task The_order_of_preference_can_be_told()
    {
        await using var set = Set("tcp quic pigeon", new TransportSetOptions { Preference = ["quic", "pigeon"] });
        Assert.Equal("quic", set.Scheme);
        Assert.Equal(Quic, set.Choose([Tcp, Pigeon, Quic]));
        Assert.Equal(Pigeon, set.Choose([Tcp, Pigeon]));
        Assert.Equal(new Uri("quic://peer:9"), set.Choose([Tcp, new Uri("quic://peer:9"), Quic]));
        Assert.Throws<ArgumentException>(() => new TransportSetOptions { Preference = ["tcp", "tcp"] });
        Assert.Throws<ArgumentException>(() => new TransportSetOptions { Preference = [""] });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TransportSetOptions { Choice = (TransportChoice)3 });
    }

    [Theory]
    [InlineData(TransportChoice.Quic, "tcp quic", "tcp quic", "quic")]
    [InlineData(TransportChoice.Tcp, "quic tcp", "quic tcp", "tcp")]
    public async Task A_choice_is_kept_to(TransportChoice choice, string ours, string theirs, string chosen)
    {
        await using var set = Set(ours, new TransportSetOptions { Choice = choice, Preference = ["tcp", "quic"] });
        Assert.Equal(chosen, set.Choose(Offers(theirs)).Scheme);
        Assert.Equal(chosen, set.Scheme);
        var refused = await Assert.ThrowsAsync<TransportException>(() => set.ConnectAsync(chosen == "tcp" ? Quic : Tcp, Token).AsTask());
        Assert.Contains($"only {chosen} is chosen", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TransportChoice.Quic, "tcp", "tcp quic", "Only quic is chosen, but this side has tcp: choose that, or auto.")]
    [InlineData(TransportChoice.Quic, "tcp quic", "tcp pigeon", "Only quic is chosen, but the peer offers tcp, pigeon: let it offer quic, or choose auto.")]
    [InlineData(TransportChoice.Tcp, "quic", "tcp", "Only tcp is chosen, but this side has quic: choose that, or auto.")]
    [InlineData(TransportChoice.Auto, "tcp quic", "pigeon", "This side has tcp, quic, the peer offers pigeon: let both have one in common.")]
    [InlineData(TransportChoice.Auto, "tcp", "", "This side has tcp, the peer offers nothing: let both have one in common.")]
    public async Task What_a_side_lacks_is_refused_by_name(TransportChoice choice, string ours, string theirs, string message)
    {
        await using var set = Set(ours, new TransportSetOptions { Choice = choice });
        var refused = await Assert.ThrowsAsync<TransportException>(() => set.ConnectAsync(Offers(theirs), Token).AsTask());
        Assert.Equal((TransportError.NoCommonTransport, message), (refused.Error, refused.Message));
        Assert.Equal(message, Assert.Throws<TransportException>(() => set.Choose(Offers(theirs))).Message);
    }

    [Fact]
    public async Task An_endpoint_is_served_by_the_transport_of_its_scheme()
    {
        await using var set = Set("tcp quic");
        await using var tcp = await set.ListenAsync(Tcp, Token);
        await using var quic = await set.ListenAsync(Quic, Token);
        foreach (var (listener, endPoint) in ((IClusterListener, Uri)[])[(tcp, Tcp), (quic, Quic)])
        {
            await using var near = await set.ConnectAsync(endPoint, Token);
            await using var far = await Wait.For(listener.AcceptAsync(Token).AsTask());
            Assert.NotNull(far);
        }

        var refused = await Assert.ThrowsAsync<TransportException>(() => set.ListenAsync(Pigeon, Token).AsTask());
        Assert.Equal((TransportError.BadEndPoint, "pigeon://peer:3/: this side has tcp, quic."), (refused.Error, refused.Message));
    }

    [Fact]
    public async Task It_knows_where_this_process_listens()
    {
        await using var set = Set("tcp quic");
        var quic = await set.ListenAsync(Quic, Token);
        await using var tcp = await set.ListenAsync(Tcp, Token);
        Assert.Equal([Tcp, Quic], set.EndPoints);
        await quic.DisposeAsync();
        await quic.DisposeAsync();
        Assert.Equal([Tcp], set.EndPoints);
    }

    [Fact]
    public async Task Where_nobody_answers_the_next_endpoint_is_tried()
    {
        await using var set = Set("tcp quic");
        await using var quic = await set.ListenAsync(Quic, Token);
        await using (var near = await set.ConnectAsync([Tcp, Quic], Token))
        {
            Assert.NotNull(await Wait.For(quic.AcceptAsync(Token).AsTask()));
        }

        await quic.DisposeAsync();
        var failure = await Assert.ThrowsAsync<TransportException>(() => set.ConnectAsync([Tcp, Quic, Pigeon], Token).AsTask());
        Assert.Equal(TransportError.Unreachable, failure.Error);
        // All that was tried, and what could not be.
        Assert.All([Tcp.Authority, Quic.Authority, $"Not tried: {Pigeon}; this side has tcp, quic."], said => Assert.Contains(said, failure.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(TransportChoice.Quic, "quic", "tcp")]
    [InlineData(TransportChoice.Tcp, "tcp", "quic")]
    public async Task A_peer_that_answers_by_another_transport_than_the_chosen_one_is_told_from_one_that_is_not_there(TransportChoice choice, string chosen, string other)
    {
        await using var set = Set("tcp quic", new TransportSetOptions { Choice = choice });
        var listener = await set.ListenAsync(Offers(other)[0], Token);
        var refused = await Assert.ThrowsAsync<TransportException>(() => set.ConnectAsync([Tcp, Quic], Token).AsTask());
        Assert.Equal(TransportError.NoCommonTransport, refused.Error);
        Assert.StartsWith(
            $"Only {chosen} is chosen, but the peer answers by {other} ({Offers(other)[0]}): let it offer {chosen}, or choose auto. ", refused.Message, StringComparison.Ordinal);

        // It was asked, and not worked with.
        await using (var asked = await Wait.For(listener.AcceptAsync(Token).AsTask()))
        {
            Assert.NotNull(asked);
            await Assert.ThrowsAsync<TransportException>(() => Wait.For(asked.Control.Input.ReadAsync(Token).AsTask()));
        }

        await listener.DisposeAsync();
        Assert.Equal(TransportError.Unreachable, (await Assert.ThrowsAsync<TransportException>(() => set.ConnectAsync([Tcp, Quic], Token).AsTask())).Error);
    }

    [Fact]
    public async Task Connections_are_counted_by_transport_and_direction()
    {
        using var meters = new MeterFactory();
        using var counted = new MeterListener();
        var counts = new ConcurrentDictionary<string, long>();
        counted.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters)
            {
                Assert.Equal(("loophole.transport.connections", "{connection}"), (instrument.Name, instrument.Unit));
                listener.EnableMeasurementEvents(instrument);
            }
        };
        counted.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var key = string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}"));
            counts.AddOrUpdate(key, value, (_, before) => before + value);
        });
        counted.Start();
        await using var set = new TransportSet([new NamedTransport("tcp"), new NamedTransport("quic")], meterFactory: meters);
        await using var quic = await set.ListenAsync(Quic, Token);
        await using var near = await set.ConnectAsync(Quic, Token);
        await using var far = await Wait.For(quic.AcceptAsync(Token).AsTask());
        await Assert.ThrowsAsync<TransportException>(() => set.ConnectAsync(Tcp, Token).AsTask());
        Assert.Equal(
            [("transport=quic direction=in", 1L), ("transport=quic direction=out", 1L)],
            counts.Select(c => (c.Key, c.Value)).Order());
    }

    [Fact]
    public async Task It_guarantees_what_the_weakest_does_and_disposes_all()
    {
        NamedTransport tcp = new("tcp", TransportSecurity.SameMachine), quic = new("quic");
        await using (var set = new TransportSet([quic, tcp]))
        {
            Assert.Equal((TransportSecurity.SameMachine, "tcp"), (set.Security, set.Scheme));
        }

        Assert.True(tcp.IsDisposed && quic.IsDisposed);
        Assert.Throws<ArgumentException>(() => new TransportSet([]));
        Assert.Throws<ArgumentException>(() => new TransportSet([tcp, new NamedTransport("tcp")]));
    }

    [Fact]
    public async Task Joined_listeners_accept_from_any_and_drop_what_nobody_takes()
    {
        await using var set = Set("tcp quic");
        var joined = new JoinedListener([await set.ListenAsync(Tcp, Token), await set.ListenAsync(Quic, Token)]);
        Assert.Equal(Tcp, joined.LocalEndPoint);
        using (var own = new CancellationTokenSource())
        {
            var cancelled = joined.AcceptAsync(own.Token).AsTask();
            await own.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        }

        foreach (var endPoint in (Uri[])[Tcp, Quic, Quic, Tcp])
        {
            await using var near = await set.ConnectAsync(endPoint, Token);
            await using var far = await Wait.For(joined.AcceptAsync(Token).AsTask());
            Assert.NotNull(far);
        }

        var untaken = new List<IClusterConnection>();
        for (var i = 0; i < 4; i++)
        {
            untaken.Add(await set.ConnectAsync(i % 2 == 0 ? Tcp : Quic, Token));
        }

        await Wait.For(joined.DisposeAsync().AsTask());
        await Wait.For(joined.DisposeAsync().AsTask());
        Assert.Null(await joined.AcceptAsync(Token));
        Assert.Empty(set.EndPoints);
        foreach (var near in untaken)
        {
            await Assert.ThrowsAsync<TransportException>(() => Wait.For(near.Control.Input.ReadAsync(Token).AsTask()));
            await near.DisposeAsync();
        }

        Assert.Throws<ArgumentException>(() => new JoinedListener([]));
    }

    private static TransportSet Set(string schemes, TransportSetOptions? options = null) =>
        new([.. schemes.Split(' ').Select(s => new NamedTransport(s))], options);

    private static List<Uri> Offers(string schemes) =>
        [.. schemes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => s switch { "tcp" => Tcp, "quic" => Quic, _ => Pigeon })];
}
