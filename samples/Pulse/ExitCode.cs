namespace Loophole.Pulse;

/// <summary>What Pulse ends with.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Unequal = 1;
    public const int BadInput = 2;
    public const int NobodyLeft = 3;
    public const int Interrupted = 130;
}
