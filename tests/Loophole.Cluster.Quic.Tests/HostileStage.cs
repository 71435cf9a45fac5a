using Loophole.Cluster.Protocol;
using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Quic.Tests;

/// <summary>A listener with a clock that stands still, a good connection that must not be disturbed, and a count of what is rented.</summary>
public abstract class HostileStage : IAsyncLifetime
{
    private IClusterConnection? _near;
    private IClusterConnection? _far;

    protected HostileStage()
    {
        // Certificates are valid in our time only.
        Time.Advance(new DateTime(2026, 1, 1) - DateTime.MinValue);
    }

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected CountingMemoryPool Pool { get; } = new();

    protected ManualTimeProvider Time { get; } = new();

    protected NodeCredentials Credentials { get; private set; } = null!;

    protected QuicTransport Transport { get; private set; } = null!;

    protected IClusterListener Listener { get; private set; } = null!;

    private protected RecordingLog Log { get; } = new();

    public async ValueTask InitializeAsync()
    {
        Needs.Quic();
        Credentials = NodeCredentials.Create("stage", Time);
        Transport = NewTransport(Credentials);
        Listener = await Transport.ListenAsync(Quic.Anywhere, Token);
        (_near, _far) = await ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_near is not null)
        {
            await EchoAsync(_near.Control, _far!.Control);
            await _near.DisposeAsync();
            await _far.DisposeAsync();
            var (near, far) = await ConnectAsync();
            await EchoAsync(far.Control, near.Control);
            await near.DisposeAsync();
            await far.DisposeAsync();
            await Transport.DisposeAsync();
            await Wait.For(Pool.WaitUntilEmptyAsync(Token));
        }

        Credentials?.Dispose();
        GC.SuppressFinalize(this);
    }

    protected QuicTransport NewTransport(NodeCredentials credentials) =>
        new(new QuicTransportOptions { Credentials = credentials, Pool = Pool, MaxHalfOpen = 4, MaxChannels = 4 }, Log, Time);

    protected async Task<(IClusterConnection Near, IClusterConnection Far)> ConnectAsync()
    {
        var connecting = Transport.ConnectAsync(Listener.LocalEndPoint, Token).AsTask();
        var far = await Wait.For(Listener.AcceptAsync(Token));
        return (await Wait.For(connecting), far!);
    }

    protected static async Task EchoAsync(IClusterChannel from, IClusterChannel to)
    {
        await Wait.For(from.Output.WriteAsync(new byte[] { 1, 2, 3 }, Token).AsTask());
        var result = await Wait.For(to.Input.ReadAtLeastAsync(3, Token));
        Assert.Equal(3, result.Buffer.Length);
        to.Input.AdvanceTo(result.Buffer.End);
    }
}
