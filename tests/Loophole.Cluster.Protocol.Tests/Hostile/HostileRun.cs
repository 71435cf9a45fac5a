using System.Globalization;

namespace Loophole.Cluster.Protocol.Tests.Hostile;

/// <summary>How much is mutated, from which seed, and how often each field was.</summary>
/// <remarks><c>LOOPHOLE_HOSTILE_MUTATIONS</c> sets the number of a whole run; unless set it makes a million, together with the blind mutations of
/// <c>AudioFrameTests</c> and <c>EnvelopeCodecTests</c>. <c>LOOPHOLE_HOSTILE_SEED</c> sets the seed.</remarks>
internal sealed class HostileRun
{
    // One that followed a length of the peer's would take far more; the runtime itself takes some, seldom.
    private const long MostAllocated = 1024 * 1024;

    // A link or parser for a few hundred bytes, and an exception.
    private const long MostAllocatedInTheMean = 16 * 1024;

    private readonly string _name;
    private readonly int _seed;
    private long _allocated;
    private readonly SortedDictionary<string, (int Mutated, int Refused)> _fields = new(StringComparer.Ordinal);

    /// <summary>Makes a run.</summary>
    /// <param name="name">What is mutated, for messages.</param>
    /// <param name="percent">Its share of all.</param>
    public HostileRun(string name, int percent)
    {
        _name = name;
        _seed = Number("LOOPHOLE_HOSTILE_SEED", 20263);
        Count = Number("LOOPHOLE_HOSTILE_MUTATIONS", 620_000) / 100 * percent;
        Random = new Random(_seed + percent);
    }

    public int Count { get; }

    public Random Random { get; }

    /// <summary>Says where we are, in a failure.</summary>
    public string At(int index) => $"{_name}, seed {_seed}, mutation {index} of {Count}";

    public void Add(string field, bool isRefused)
    {
        var (mutated, refused) = _fields.GetValueOrDefault(field);
        _fields[field] = (mutated + 1, refused + (isRefused ? 1 : 0));
    }

    public void AddAllocated(long bytes, string where)
    {
        Assert.True(bytes < MostAllocated, $"{where}: {bytes} bytes allocated");
        _allocated += bytes;
    }

    /// <summary>Runs off the test's thread, so that what hangs is named instead of hanging the run.</summary>
    public async Task RunAsync(Func<Task> body)
    {
        var running = Task.Run(body, TestContext.Current.CancellationToken);
        var limit = TimeSpan.FromSeconds(60 + (Count / 5_000));
        if (await Task.WhenAny(running, Task.Delay(limit, TimeProvider.System, TestContext.Current.CancellationToken)) != running)
        {
            Assert.Fail($"{_name}, seed {_seed}: not through after {limit}; mutated so far {_fields.Values.Sum(f => f.Mutated)}");
        }

        await running;
    }

    /// <summary>Reports, and asserts that no field was passed over.</summary>
    public void Finish(IEnumerable<string> fields)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{_name}, seed {_seed}: {Count} mutations, {_allocated / Math.Max(Count, 1)} bytes allocated for each; " + string.Join(", ", _fields.Select(f => $"{f.Key} {f.Value.Mutated} ({f.Value.Refused} refused)")));
        Assert.InRange(_allocated / Math.Max(Count, 1), 0, MostAllocatedInTheMean);
        var names = fields.ToList();
        foreach (var field in names)
        {
            var (mutated, refused) = _fields.GetValueOrDefault(field);
            Assert.True(mutated >= Count / (names.Count * 2), $"{_name}: {field} was mutated {mutated} times only.");
            Assert.True(refused > 0, $"{_name}: {field} was never refused.");
        }

        Assert.Equal(Count, _fields.Values.Sum(f => f.Mutated));
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
