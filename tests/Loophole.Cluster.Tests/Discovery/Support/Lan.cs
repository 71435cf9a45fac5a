using System.Net;
using Loophole.Cluster.TestKit;

namespace Loophole.Cluster.Tests.Discovery.Support;

/// <summary>A network on which everybody hears everything, himself included, a millisecond later, by a clock that the test moves.</summary>
/// <param name="clock">The clock of another network; <see langword="null"/> for an own one.</param>
internal sealed class Lan(ManualTimeProvider? clock = null)
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(1);

    private readonly List<LanLink> _links = [];
    private readonly HashSet<ITimer> _underWay = [];
    private int _stations;

    public ManualTimeProvider Clock { get; } = clock ?? new ManualTimeProvider();

    /// <summary>All that was sent.</summary>
    public List<LanMessage> Sent { get; } = [];

    /// <summary>Whose messages are lost.</summary>
    public HashSet<LanLink> Cut { get; } = [];

    public TimeSpan Now => TimeSpan.FromTicks(Clock.GetTimestamp());

    /// <summary>A machine of its own on this network, at 10.0.0.N.</summary>
    public Station NewStation() => new(this, ++_stations);

    public void Plug(LanLink link) => _links.Add(link);

    public void Unplug(LanLink link) => _links.Remove(link);

    /// <summary>Moves the clock on.</summary>
    public void Pass(double seconds) => Clock.Advance(TimeSpan.FromSeconds(seconds));

    public void Send(LanLink from, byte[] message, IPEndPoint? to)
    {
        Sent.Add(new LanMessage(Now, from, message, to));
        if (!Cut.Contains(from))
        {
            Deliver(message, from.EndPoint, to);
        }
    }

    /// <summary>Sends what no station would.</summary>
    public void Inject(byte[] message, IPEndPoint sender) => Deliver(message, sender, null);

    private void Deliver(byte[] message, IPEndPoint sender, IPEndPoint? to)
    {
        ITimer? timer = null;
        timer = Clock.CreateTimer(
            _ =>
            {
                timer!.Dispose();
                _underWay.Remove(timer);
                foreach (var link in _links.Where(link => !Cut.Contains(link) && (to is null || to.Equals(link.EndPoint))).ToList())
                {
                    link.Agent.Receive(link, message, sender);
                }
            },
            null,
            Delay,
            Timeout.InfiniteTimeSpan);
        _underWay.Add(timer);
    }
}
