namespace Loophole.Cluster.Protocol.Links;

/// <summary>What is to be done with a frame, and what is wrong with it when its peer broke the protocol.</summary>
internal readonly record struct Judgement(Verdict Verdict, string? Violation = null)
{
    public static Judgement Of(string violation) => new(Verdict.Violation, violation);
}
