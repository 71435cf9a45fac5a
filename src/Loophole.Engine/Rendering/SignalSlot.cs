namespace Loophole.Engine.Rendering;

/// <summary>Where a signal lies in <see cref="SignalMemory"/>. Two signals share a slot when one is dead before the other is made, or becomes it in place.</summary>
/// <param name="Offset">First sample.</param>
/// <param name="AudioChannels">Runs of one stride each.</param>
internal readonly record struct SignalSlot(int Offset, int AudioChannels);
