using System.Net;
using Loophole.Cluster.Discovery.Dns;

namespace Loophole.Cluster.Discovery.Multicast;

internal sealed partial class LinkResponder
{
    /// <summary>Somebody asks.</summary>
    public void Answer(DnsReader query, IPEndPoint asker, TimeSpan now)
    {
        if (!IsKnown)
        {
            return;
        }

        var known = query;
        Collect(ref known, now);
        var isProbe = false;
        while (known.TryReadRecord(out var record))
        {
            isProbe |= record.Section == DnsSection.Authorities && IsOurName(record.Name);
            if (record.Section == DnsSection.Answers)
            {
                Leave(record, query.Questions == 0 ? asker.Address : null);
            }
        }

        if (_askedAlone.Count > 0)
        {
            Send(_askedAlone, asker);
        }

        foreach (var own in _asked)
        {
            own.Ask(now + DelayOf(own.Record, query.IsTruncated, isProbe), isProbe ? ShortRest : Rest, asker.Address);
        }
    }

    /// <summary>Sorts out what is asked for, for all or for the asker alone.</summary>
    private void Collect(ref DnsReader query, TimeSpan now)
    {
        _asked.Clear();
        _askedAlone.Clear();
        while (query.TryReadQuestion(out var question))
        {
            var (isName, hasType) = (false, false);
            foreach (var own in _records)
            {
                if (question.Name.Is(own.Record.Name))
                {
                    var isAsked = question.AsksFor(own.Record.Type);
                    (isName, hasType) = (isName || own.Record.Type == DnsType.Nsec, hasType || isAsked);
                    if (isAsked && own.Record.Type != DnsType.Nsec)
                    {
                        Collect(own, question.WantsUnicast, now);
                    }
                }
            }

            if (isName && !hasType)
            {
                // Of a name of ours, that there is nothing of that type.
                foreach (var own in _records)
                {
                    if (own.Record.Type == DnsType.Nsec && question.Name.Is(own.Record.Name))
                    {
                        Collect(own, question.WantsUnicast, now);
                    }
                }
            }
        }
    }

    private void Collect(OwnRecord own, bool wantsUnicast, TimeSpan now)
    {
        // What all have not heard for a quarter of its time goes to all (RFC 6762, 5.4).
        var isFresh = own.Told is { } told && now - told < TimeSpan.FromSeconds(own.Record.TimeToLive / 4);
        var list = wantsUnicast && isFresh ? _askedAlone : _asked;
        if (!list.Contains(own))
        {
            list.Add(own);
        }
    }

    /// <summary>Answers nothing that the asker knows already. What it says after its question is about what that still waits for.</summary>
    private void Leave(in WireRecord known, IPAddress? asker)
    {
        foreach (var own in _records)
        {
            if (!own.IsKnownBy(known))
            {
                continue;
            }

            _asked.Remove(own);
            _askedAlone.Remove(own);
            if (asker is not null && asker.Equals(own.Asker))
            {
                own.Forget();
            }
        }
    }

    private TimeSpan DelayOf(DnsRecord record, bool isTruncated, bool isProbe) =>
        isProbe ? TimeSpan.Zero
        : isTruncated ? TimeSpan.FromMilliseconds(random.Next(400, 500))
        : record.IsUnique ? TimeSpan.Zero
        : TimeSpan.FromMilliseconds(random.Next(20, 120));
}
