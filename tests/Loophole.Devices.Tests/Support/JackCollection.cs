namespace Loophole.Devices.Tests.Support;

/// <summary>One after the other: a process is on one JACK server at a time.</summary>
[CollectionDefinition(Name)]
public sealed class JackCollection
{
    public const string Name = "jack";
}
