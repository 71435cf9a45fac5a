using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using Loophole.Cluster.Discovery.Dns;
using Loophole.Cluster.Telemetry;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Discovery.Multicast;

/// <summary>Multicast DNS on all links of this machine, without the sockets: what was received and what time it is make what is sent and what is found. One lock around
/// everything; nothing inside waits. Safe for concurrent use.</summary>
internal sealed class MulticastAgent : IDisposable
{
    /// <summary>The port of all who take part.</summary>
    public const int Port = 5353;

    private readonly Lock _gate = new();
    private readonly List<IMulticastLink> _links = [];
    private readonly List<Advertisement> _advertisements = [];
    private readonly List<LinkResponder> _responders = [];
    private readonly List<LinkBrowser> _browsers = [];
    private readonly DnsWriter _writer = new();
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly SightingTable _sightings = new();
    private readonly DiscoveryMetrics _metrics;
    private readonly ITimer _timer;
    private readonly long _started;
    private bool _isDisposed;

    /// <summary>Makes an agent without links.</summary>
    public MulticastAgent(ILogger logger, TimeProvider time, Random random, IMeterFactory? meterFactory = null)
    {
        _metrics = new DiscoveryMetrics(meterFactory, CountSeen);
        (_logger, _time, _random) = (logger, time, random);
        _started = time.GetTimestamp();
        _timer = time.CreateTimer(static agent => ((MulticastAgent)agent!).Run(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _time.GetElapsedTime(_started);

    /// <summary>A link is there. [any]</summary>
    public void Add(IMulticastLink link) => Do(() =>
    {
        _links.Add(link);
        _advertisements.ForEach(advertisement => Probe(advertisement, link));
        foreach (var service in Enum.GetValues<NodeService>().Where(_sightings.IsBrowsed))
        {
            Browse(service, link);
        }
    });

    /// <summary>A link is there no more. [any]</summary>
    public void Remove(IMulticastLink link) => Do(() =>
    {
        _links.Remove(link);
        _responders.RemoveAll(responder => responder.Link == link);
        RemoveBrowsers(browser => browser.Link == link);
    });

    /// <summary>The interface of a link has other addresses. [any]</summary>
    public void ChangeAddresses(IMulticastLink link, ImmutableArray<IPAddress> addresses) => Do(() =>
    {
        link.Addresses = addresses;
        _responders.FindAll(responder => responder.Link == link).ForEach(responder => responder.ChangeAddresses(Now));
    });

    /// <summary>A link has received something, from whomever. [any]</summary>
    /// <param name="link">The link.</param>
    /// <param name="message">The bytes; the caller's again on return.</param>
    /// <param name="sender">Who sent it: somebody on the link.</param>
    public void Receive(IMulticastLink link, ReadOnlySpan<byte> message, IPEndPoint sender)
    {
        // Who asks from another port is no peer, and is not answered; who answers from one is to be ignored (RFC 6762, 6).
        var isTaken = DnsReader.TryOpen(message, out var reader) && sender.Port == Port;
        _metrics.Receive(isTaken);
        if (!isTaken)
        {
            return;
        }

        lock (_gate)
        {
            if (_isDisposed || !_links.Contains(link))
            {
                return;
            }

            var now = Now;
            if (reader.IsResponse)
            {
                HearResponse(link, reader, sender, now);
            }
            else
            {
                foreach (var responder in _responders.Where(responder => responder.Link == link))
                {
                    responder.BreakTie(reader, now);
                    responder.Answer(reader, sender, now);
                    responder.Run(now);
                }
            }

            Schedule(now);
        }
    }

    /// <summary>Begins to advertise a node. [any]</summary>
    /// <exception cref="ObjectDisposedException">The agent is disposed.</exception>
    public Advertisement Advertise(NodeAnnouncement node)
    {
        Advertisement? advertisement = null;
        Do(() =>
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _advertisements.Add(advertisement = new Advertisement(this, node, NewHost()));
            _links.ForEach(link => Probe(advertisement, link));
        });
        return advertisement!;
    }

    /// <summary>Tells everybody that a node leaves. Idempotent. [any]</summary>
    public void Withdraw(Advertisement advertisement) => Do(() =>
    {
        _advertisements.Remove(advertisement);
        _responders.FindAll(responder => responder.Advertisement == advertisement).ForEach(responder => responder.TakeBack());
        _responders.RemoveAll(responder => responder.Advertisement == advertisement);
    });

    /// <summary>Begins to look for a service, unless somebody does already. [any]</summary>
    /// <exception cref="ObjectDisposedException">The agent is disposed.</exception>
    public void Watch(BrowseFeed feed) => Do(() =>
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var isBrowsed = _sightings.IsBrowsed(feed.Service);
        _sightings.Add(feed);
        if (!isBrowsed)
        {
            _links.ForEach(link => Browse(feed.Service, link));
        }
    });

    /// <summary>Ends the looking, unless somebody else looks. [any]</summary>
    public void Unwatch(BrowseFeed feed) => Do(() =>
    {
        _sightings.Remove(feed);
        if (!_sightings.IsBrowsed(feed.Service))
        {
            RemoveBrowsers(browser => browser.Service == feed.Service);
        }
    });

    /// <summary>Takes back all that is advertised and ends all sequences. Idempotent. [any]</summary>
    public void Dispose()
    {
        Do(() =>
        {
            _responders.ForEach(responder => responder.TakeBack());
            _responders.Clear();
            _browsers.Clear();
            _sightings.End();
            _isDisposed = true;
        });
        _timer.Dispose();
        _metrics.Dispose();
    }

    private int CountSeen()
    {
        lock (_gate)
        {
            return _sightings.Count;
        }
    }

    private void Run() => Do(() =>
    {
        var now = Now;
        _responders.FindAll(responder => responder.Due <= now).ForEach(responder => responder.Run(now));
        _browsers.FindAll(browser => browser.Due <= now).ForEach(browser => browser.Run(now));
    });

    private void Do(Action action)
    {
        lock (_gate)
        {
            action();
            Schedule(Now);
        }
    }

    private void Schedule(TimeSpan now)
    {
        if (_isDisposed)
        {
            return;
        }

        TimeSpan? due = null;
        foreach (var responder in _responders)
        {
            due = LinkResponder.Earliest(responder.Due, due);
        }

        foreach (var browser in _browsers)
        {
            due = LinkResponder.Earliest(browser.Due, due);
        }

        // A timer's ticks are milliseconds: what is a part of one too early would find nothing to do.
        var wait = due is { } at ? TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max((at - now).TotalMilliseconds, 0))) : Timeout.InfiniteTimeSpan;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void HearResponse(IMulticastLink link, DnsReader response, IPEndPoint sender, TimeSpan now)
    {
        foreach (var responder in _responders.FindAll(responder => responder.Link == link))
        {
            HearOfOurs(responder, response, sender, now);
        }

        foreach (var browser in _browsers.Where(browser => browser.Link == link))
        {
            browser.Hear(response, sender.Address, now);
        }
    }

    /// <summary>Looks for what contradicts us in what somebody says.</summary>
    private void HearOfOurs(LinkResponder responder, DnsReader response, IPEndPoint sender, TimeSpan now)
    {
        while (response.TryReadRecord(out var record))
        {
            if (record.TimeToLive == 0)
            {
                responder.Rescue(record, sender, now);
            }
            else if (responder.IsContradictedBy(record) && !IsSaidByUs(responder.Advertisement, record))
            {
                GiveWay(responder, record.Name.Is(responder.Advertisement.Host), now);
                return;
            }
        }

        responder.Run(now);
    }

    /// <summary>What we say on one link can be heard on another, where we say other addresses.</summary>
    private bool IsSaidByUs(Advertisement advertisement, in WireRecord record)
    {
        foreach (var responder in _responders)
        {
            if (responder.Advertisement == advertisement && responder.Has(record))
            {
                return true;
            }
        }

        return false;
    }

    private void GiveWay(LinkResponder responder, bool isHost, TimeSpan now)
    {
        if (!responder.GiveWay(now))
        {
            return;
        }

        var advertisement = responder.Advertisement;
        var all = _responders.FindAll(other => other.Advertisement == advertisement);
        var before = advertisement.Name;
        all.ForEach(other => other.TakeBack());
        advertisement.Rename(isHost, NewHost());
        ClusterLog.NameTaken(_logger, before, responder.Link.Name, advertisement.Name);
        all.ForEach(other => other.Probe(now));
    }

    private void Probe(Advertisement advertisement, IMulticastLink link)
    {
        var responder = new LinkResponder(link, advertisement, _writer, _random);
        responder.Probe(Now);
        _responders.Add(responder);
    }

    private void Browse(NodeService service, IMulticastLink link)
    {
        var browser = new LinkBrowser(link, service, _sightings, _writer, _random);
        browser.Start(Now);
        _browsers.Add(browser);
    }

    private void RemoveBrowsers(Predicate<LinkBrowser> which)
    {
        _browsers.FindAll(which).ForEach(browser => browser.Stop());
        _browsers.RemoveAll(which);
    }

    private string NewHost() => string.Create(CultureInfo.InvariantCulture, $"loophole-{_random.NextInt64():x16}");
}
