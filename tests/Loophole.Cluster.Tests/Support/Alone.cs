namespace Loophole.Cluster.Tests.Support;

/// <summary>Tests of what a thread allocates. Nothing may run beside them: a collection that somebody else causes counts what is left of a thread's room as allocated.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
