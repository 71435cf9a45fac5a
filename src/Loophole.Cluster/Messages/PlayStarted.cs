namespace Loophole.Cluster.Messages;

/// <summary>Answers <c>playback.start</c>: how the device was opened. It begins when enough is rendered.</summary>
internal sealed record PlayStarted(int SampleRate, int BlockFrames, int OutputChannels, bool HearsNotes);
