using System.Text.Json;
using Loophole.Cluster.Control;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Scenes;

namespace Loophole.Cluster.TestKit.Control;

/// <summary>Both ends of a connection's control channel, with their loops, on a clock that stands still.</summary>
internal sealed class ControlPair : IAsyncDisposable
{
    private readonly Deadline _wait;
    private readonly CancellationTokenSource _stopNear;

    private ControlPair(Deadline wait, PipeControlChannel near, PipeControlChannel far, ManualTimeProvider time, Func<ControlPair, IControlHandler> handler)
    {
        _wait = wait;
        _stopNear = CancellationTokenSource.CreateLinkedTokenSource(wait.Token);
        Near = near;
        Far = far;
        Time = time;
        NearLoop = near.RunAsync(new ControlHandler((command, _) => ValueTask.FromResult(command.Payload)), _stopNear.Token);
        FarLoop = far.RunAsync(handler(this), wait.Token);
    }

    /// <summary>The end that asks; it echoes what it is asked.</summary>
    public PipeControlChannel Near { get; }

    /// <summary>The end that is asked.</summary>
    public PipeControlChannel Far { get; }

    public ManualTimeProvider Time { get; }

    public Task NearLoop { get; }

    public Task FarLoop { get; }

    public static ControlPair Start(TransportScene scene, IControlHandler handler, int maxQueued = 1024) => Start(scene, _ => handler, maxQueued);

    public static ControlPair Start(TransportScene scene, Func<ControlPair, IControlHandler> handler, int maxQueued = 1024)
    {
        var time = new ManualTimeProvider();
        var near = new PipeControlChannel(scene.Near.Control, new PipeControlChannelOptions { Party = Party.Pulse }, null, time);
        var far = new PipeControlChannel(scene.Far.Control, new PipeControlChannelOptions { Party = Party.Signal, MaxQueuedEnvelopes = maxQueued }, null, time);
        return new ControlPair(scene.Wait, near, far, time, handler);
    }

    public static JsonElement Json(string json) => JsonElement.Parse(json);

    public Task<Envelope> AskAsync(string name, string payload = "{}", CancellationToken token = default) =>
        Near.RequestAsync(Party.Signal, "cluster", name, Json(payload), token);

    /// <summary>Stops the asking end's loop, so that a case may read and write the channel itself.</summary>
    public async Task StopNearAsync()
    {
        await _stopNear.CancelAsync();
        await Expect.CatchAsync(_wait.For(NearLoop, "the end of a stopped loop"));
    }

    public async ValueTask DisposeAsync()
    {
        await _wait.For(Near.DisposeAsync(), "disposal of the asking end");
        await _wait.For(Far.DisposeAsync(), "disposal of the asked end");
        await Expect.CatchAsync(_wait.For(NearLoop, "the end of the asking end's loop"));
        await Expect.CatchAsync(_wait.For(FarLoop, "the end of the asked end's loop"));
        _stopNear.Dispose();
    }
}
