namespace Loophole.EndToEnd.Tests.InProcess;

/// <summary>Tests that look at the whole process, so nothing else may run beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
