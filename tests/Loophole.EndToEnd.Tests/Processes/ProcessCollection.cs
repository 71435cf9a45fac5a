namespace Loophole.EndToEnd.Tests.Processes;

/// <summary>Tests of processes that look at times or at the machine run one after the other, and not beside others. Those that look at samples and sentences
/// alone belong to no collection, and run side by side before these.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessCollection
{
    public const string Name = "processes";
}
