using System.Net;
using Loophole.Cluster.Discovery.Dns;

namespace Loophole.Cluster.Tests.Discovery.Support;

/// <summary>A message that a station has sent.</summary>
internal sealed record LanMessage(TimeSpan At, LanLink From, byte[] Bytes, IPEndPoint? To)
{
    public bool IsResponse => Open().IsResponse;

    public bool IsTruncated => Open().IsTruncated;

    /// <summary>What is asked, as <c>type name</c>.</summary>
    public IReadOnlyList<string> Questions
    {
        get
        {
            var reader = Open();
            var questions = new List<string>();
            while (reader.TryReadQuestion(out var question))
            {
                questions.Add($"{question.Type} {question.Name.ToName()}");
            }

            return questions;
        }
    }

    /// <summary>The records of a section, as <c>type name seconds</c>.</summary>
    public IReadOnlyList<string> Records(DnsSection section)
    {
        var reader = Open();
        var records = new List<string>();
        while (reader.TryReadRecord(out var record))
        {
            if (record.Section == section)
            {
                records.Add($"{record.Type} {record.Name.ToName()} {record.TimeToLive}");
            }
        }

        return records;
    }

    private DnsReader Open()
    {
        Assert.True(DnsReader.TryOpen(Bytes, out var reader), $"no message: {Convert.ToHexString(Bytes)}");
        return reader;
    }
}
