using System.Net.Sockets;
using Loophole.Cluster.Discovery.Dns;

namespace Loophole.Cluster.Discovery.Multicast;

internal sealed partial class LinkBrowser
{
    private void Ask(TimeSpan now)
    {
        if (now < _quietUntil)
        {
            return;
        }

        _questions.Clear();
        if (now >= _nextQuery)
        {
            _questions.Add((_name, DnsType.Ptr));
            _nextQuery = now + _period;
            _period = _period * 2 < LongestPeriod ? _period * 2 : LongestPeriod;
        }

        foreach (var instance in _instances.Values)
        {
            AskFor(instance, now);
        }

        foreach (var (host, addresses) in _hosts)
        {
            foreach (var seen in addresses.Where(seen => HasRoom && seen.Lease.TakeRefresh(now)))
            {
                Add(host, seen.Address.AddressFamily == AddressFamily.InterNetwork ? DnsType.A : DnsType.Aaaa);
            }
        }

        if (_questions.Count > 0)
        {
            _quietUntil = now + Quiet;
            Send(now);
        }
    }

    private bool HasRoom => _questions.Count < MaxQuestions;

    private void AskFor(SeenInstance instance, TimeSpan now)
    {
        if (HasRoom && instance.Pointer.TakeRefresh(now))
        {
            Add(_name, DnsType.Ptr);
        }

        if (HasRoom && instance.Service?.TakeRefresh(now) == true)
        {
            Add(instance.Name, DnsType.Srv);
        }

        if (HasRoom && instance.Text?.TakeRefresh(now) == true)
        {
            Add(instance.Name, DnsType.Txt);
        }

        if (!HasRoom || !IsIncomplete(instance) || now < instance.NextAsk)
        {
            return;
        }

        if (++instance.Asks > SeenInstance.MaxAsks)
        {
            Remove(instance, NodeGoneReason.Expired);
            return;
        }

        instance.NextAsk = now + (AskPeriod * (1 << (instance.Asks - 1)));
        if (instance.Service is null)
        {
            Add(instance.Name, DnsType.Srv);
        }

        if (instance.Text is null)
        {
            Add(instance.Name, DnsType.Txt);
        }

        if (HasNoAddress(instance))
        {
            Add(instance.Host!, DnsType.A);
            Add(instance.Host!, DnsType.Aaaa);
        }
    }

    private bool IsIncomplete(SeenInstance instance) => instance.Service is null || instance.Text is null || HasNoAddress(instance);

    private bool HasNoAddress(SeenInstance instance) => instance.Host is not null && _hosts[instance.Host].Count == 0;

    private void Add(DnsName name, DnsType type)
    {
        if (!_questions.Contains((name, type)))
        {
            _questions.Add((name, type));
        }
    }

    private void Send(TimeSpan now)
    {
        writer.Begin(isResponse: false);
        foreach (var (name, type) in _questions)
        {
            if (!writer.TryAsk(name, type))
            {
                link.Send(writer.Message);
                writer.Begin(isResponse: false);
                writer.TryAsk(name, type);
            }
        }

        if (_questions.Contains((_name, DnsType.Ptr)))
        {
            SayWhatIsKnown(now);
        }

        link.Send(writer.Message);
    }

    private void SayWhatIsKnown(TimeSpan now)
    {
        foreach (var instance in _instances.Values)
        {
            var seconds = instance.Pointer.KnownSeconds(now);
            var known = DnsRecord.Pointer(_name, instance.Name);
            if (seconds > 0 && !writer.TryWrite(known, DnsSection.Answers, seconds))
            {
                writer.MarkTruncated();
                link.Send(writer.Message);
                writer.Begin(isResponse: false);
                writer.TryWrite(known, DnsSection.Answers, seconds);
            }
        }
    }
}
