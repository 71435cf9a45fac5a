using System.Collections.Immutable;
using System.Net;
using Loophole.Cluster.Discovery.Dns;

namespace Loophole.Cluster.Discovery.Multicast;

/// <summary>An advertisement on one link (RFC 6762, 6 and 8): asks whether its names are taken, tells everybody, answers, and takes it back. Used under the agent's lock.</summary>
internal sealed class LinkResponder(IMulticastLink link, Advertisement advertisement, DnsWriter writer, Random random)
{
    private const int Probes = 3;
    private const int Announcements = 2;

    private static readonly TimeSpan ProbePeriod = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AnnouncementPeriod = TimeSpan.FromSeconds(1);

    /// <summary>How long the loser of a tie waits: the winner has told everybody by then.</summary>
    private static readonly TimeSpan TieDelay = TimeSpan.FromSeconds(1);

    /// <summary>Records are not told again before that, and not before this when somebody else is about to take their name.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortRest = TimeSpan.FromMilliseconds(250);

    private readonly List<OwnRecord> _asked = [];
    private readonly List<OwnRecord> _askedAlone = [];
    private ImmutableArray<OwnRecord> _records = [];
    private bool _isProbing;
    private int _sent;
    private TimeSpan? _nextStep;

    public IMulticastLink Link => link;

    public Advertisement Advertisement => advertisement;

    /// <summary>When there is something to do; <see langword="null"/> for never.</summary>
    public TimeSpan? Due => Earliest(_nextStep, _records.Min(own => own.Due));

    /// <summary>Whether others have been told.</summary>
    private bool IsKnown => !_isProbing && _sent > 0;

    public static TimeSpan? Earliest(TimeSpan? first, TimeSpan? second) => second is null || first < second ? first : second;

    /// <summary>Asks for the present names, from the start.</summary>
    public void Probe(TimeSpan now)
    {
        TakeRecords();
        (_isProbing, _sent) = (true, 0);
        _nextStep = _records.IsEmpty ? null : now + advertisement.Delay + (ProbePeriod * random.NextDouble());
    }

    /// <summary>The link has other addresses now: no name is in question, but everybody is told.</summary>
    public void ChangeAddresses(TimeSpan now)
    {
        if (_isProbing)
        {
            Probe(now);
            return;
        }

        var before = _records;
        TakeRecords();
        (_sent, _nextStep) = (0, null);
        if (_records.IsEmpty)
        {
            TakeBack(before);
        }
        else
        {
            Step(now);
        }
    }

    /// <summary>Does what is due.</summary>
    public void Run(TimeSpan now)
    {
        if (_nextStep <= now)
        {
            Step(now);
        }

        var due = _records.Where(own => own.Due <= now).ToList();
        if (due.Count > 0)
        {
            due.ForEach(own => own.Forget());
            Tell(due, now);
        }
    }

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

    /// <summary>Whether a record is one of ours, from here or by another way.</summary>
    public bool Has(in WireRecord record)
    {
        foreach (var own in _records)
        {
            if (own.Record.IsSaidBy(record))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Somebody takes back what is ours; everybody is told that it stands, within the second for which it is still believed.</summary>
    public void Rescue(in WireRecord goodbye, IPEndPoint sender, TimeSpan now)
    {
        if (!IsKnown)
        {
            return;
        }

        foreach (var own in _records)
        {
            if (own.Record.IsSaidBy(goodbye))
            {
                own.Ask(now, ShortRest, sender.Address);
            }
        }
    }

    /// <summary>Whether a record that is none of ours cannot stand beside them.</summary>
    public bool IsContradictedBy(in WireRecord record)
    {
        if (record.TimeToLive == 0 || !record.IsInternet || record.Type == DnsType.Nsec || !IsOurName(record.Name))
        {
            return false;
        }

        // Before we have asked for a name it may be anybody's, and once it is ours others may well say of it what we do not.
        var type = record.Type;
        return _isProbing ? _sent > 0 : type is DnsType.Srv or DnsType.Txt or DnsType.A or DnsType.Aaaa;
    }

    /// <summary>Somebody has a name: another one is taken, or if others know it as ours, it is asked for once more.</summary>
    /// <returns>Whether another one must be taken.</returns>
    public bool GiveWay(TimeSpan now)
    {
        if (_isProbing)
        {
            return true;
        }

        Probe(now);
        return false;
    }

    /// <summary>Somebody asks for a name at the same time; whoever has the greater records gets it (RFC 6762, 8.2). The other waits, and will be contradicted.</summary>
    public void BreakTie(DnsReader probe, TimeSpan now)
    {
        if (_isProbing && !_records.IsEmpty && (IsGreater(probe, advertisement.Instance) || IsGreater(probe, advertisement.Host)))
        {
            (_sent, _nextStep) = (0, now + TieDelay);
        }
    }

    /// <summary>Takes back what others were told.</summary>
    public void TakeBack()
    {
        if (IsKnown)
        {
            TakeBack(_records);
        }

        (_records, _nextStep) = ([], null);
    }

    private void TakeRecords() => _records = [.. advertisement.RecordsOn(link).Select(record => new OwnRecord(record))];

    private void Step(TimeSpan now)
    {
        if (_isProbing && _sent < Probes)
        {
            SendProbe();
            (_sent, _nextStep) = (_sent + 1, now + ProbePeriod);
            return;
        }

        if (_isProbing)
        {
            (_isProbing, _sent) = (false, 0);
            advertisement.Settle();
        }

        Tell([.. _records.Where(own => own.Record.Type != DnsType.Nsec)], now);
        _nextStep = ++_sent < Announcements ? now + AnnouncementPeriod : null;
    }

    private void SendProbe()
    {
        writer.Begin(isResponse: false);
        // Not by unicast: another process at the same port may get that.
        writer.TryAsk(advertisement.Instance, DnsType.Any);
        writer.TryAsk(advertisement.Host, DnsType.Any);
        foreach (var own in _records.Where(IsProposed))
        {
            writer.TryWrite(own.Record, DnsSection.Authorities);
        }

        link.Send(writer.Message);
    }

    private static bool IsProposed(OwnRecord own) => own.Record.IsUnique && own.Record.Type != DnsType.Nsec;

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

    private void Tell(IReadOnlyList<OwnRecord> records, TimeSpan now)
    {
        Send(records, null);
        foreach (var own in records)
        {
            own.Told = now;
        }
    }

    private void Send(IReadOnlyList<OwnRecord> answers, IPEndPoint? asker)
    {
        var additionals = AdditionalsOf(answers).Except(answers).ToList();
        writer.Begin(isResponse: true);
        foreach (var own in answers)
        {
            if (!writer.TryWrite(own.Record, DnsSection.Answers))
            {
                link.Send(writer.Message, asker);
                writer.Begin(isResponse: true);
                writer.TryWrite(own.Record, DnsSection.Answers);
            }
        }

        additionals.TrueForAll(own => writer.TryWrite(own.Record, DnsSection.Additionals));
        link.Send(writer.Message, asker);
    }

    /// <summary>What whoever hears the answers will ask for next (RFC 6763, 12).</summary>
    private IEnumerable<OwnRecord> AdditionalsOf(IReadOnlyList<OwnRecord> answers) =>
        answers.Any(own => own.Record.Type == DnsType.Ptr && !own.Record.Name.Equals(ServiceNames.All)) ? _records.Where(own => IsProposed(own) || IsTypesOfHost(own))
        : answers.Any(own => own.Record.Type is DnsType.Srv or DnsType.A or DnsType.Aaaa) ? _records.Where(own => own.Record.Type is DnsType.A or DnsType.Aaaa || IsTypesOfHost(own))
        : [];

    private bool IsTypesOfHost(OwnRecord own) => own.Record.Type == DnsType.Nsec && own.Record.Name.Equals(advertisement.Host);

    private void TakeBack(ImmutableArray<OwnRecord> records)
    {
        writer.Begin(isResponse: true);
        foreach (var own in records.Where(own => own.Record.Type != DnsType.Nsec && !own.Record.Name.Equals(ServiceNames.All)))
        {
            writer.TryWrite(own.Record, DnsSection.Answers, 0);
        }

        link.Send(writer.Message);
    }

    private bool IsOurName(WireName name) => name.Is(advertisement.Instance) || name.Is(advertisement.Host);

    /// <summary>Whether what a prober would like to have under a name is greater than what we would: the records in order, each by type and data.</summary>
    private bool IsGreater(DnsReader probe, DnsName name)
    {
        var theirs = new List<byte[]>();
        Span<byte> scratch = stackalloc byte[WireRecord.SrvHead + DnsName.MaxLength];
        while (probe.TryReadQuestion(out _))
        {
        }

        while (probe.TryReadRecord(out var record))
        {
            if (record.Section == DnsSection.Authorities && record.IsInternet && record.Name.Is(name))
            {
                theirs.Add(Comparable(record.Type, record.Uncompressed(scratch)));
            }
        }

        var ours = _records.Where(own => IsProposed(own) && own.Record.Name.Equals(name)).Select(own => Comparable(own.Record.Type, own.Record.Data.Span)).ToList();
        theirs.Sort(Compare);
        ours.Sort(Compare);
        for (var i = 0; i < theirs.Count; i++)
        {
            var order = i < ours.Count ? Compare(theirs[i], ours[i]) : 1;
            if (order != 0)
            {
                return order > 0;
            }
        }

        return false;
    }

    private static byte[] Comparable(DnsType type, ReadOnlySpan<byte> data) => [(byte)((int)type >> 8), (byte)type, .. data];

    private static int Compare(byte[] first, byte[] second) => first.AsSpan().SequenceCompareTo(second);
}
