namespace Loophole.EndToEnd.Tests.Processes;

/// <summary>Tests that start processes run one after the other, and not beside others: they need the machine.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessCollection
{
    public const string Name = "processes";
}
