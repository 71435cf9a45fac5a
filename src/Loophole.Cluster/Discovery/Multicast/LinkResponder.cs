using System.Collections.Immutable;
using System.Net;
using Loophole.Cluster.Discovery.Dns;

namespace Loophole.Cluster.Discovery.Multicast;

/// <summary>An advertisement on one link (RFC 6762, 6 and 8): asks whether its names are taken, tells everybody, answers, and takes it back. Used under the agent's lock.</summary>
internal sealed partial class LinkResponder(IMulticastLink link, Advertisement advertisement, DnsWriter writer, Random random)
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

        if (!writer.IsEmpty)
        {
            link.Send(writer.Message);
        }
    }
}
