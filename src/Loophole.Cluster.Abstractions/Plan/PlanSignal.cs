namespace Loophole.Cluster.Plan;

/// <summary>A signal of the global plan.</summary>
/// <param name="Id">Its number, 0 or more, unique in the global plan.</param>
/// <param name="AudioChannels">Audio channels, 1 to 64.</param>
public readonly record struct PlanSignal(int Id, int AudioChannels);
