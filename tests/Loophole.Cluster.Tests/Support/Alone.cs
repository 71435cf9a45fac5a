namespace Loophole.Cluster.Tests.Support;

/// <summary>Tests of what a thread allocates. Nothing else runs beside them, so that few collections begin: one counts what is left of a thread's room as allocated.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
