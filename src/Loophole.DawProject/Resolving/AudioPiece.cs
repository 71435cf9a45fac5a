namespace Loophole.DawProject.Resolving;

/// <summary>A stretch of an audio file played at one speed; a clip region but for the file's own rate, which is not known yet.</summary>
/// <param name="Audio">The file as a timeline.</param>
/// <param name="Clip">The innermost clip, for messages.</param>
/// <param name="ClipName">What the user calls the clip.</param>
/// <param name="Window">Where it is heard.</param>
/// <param name="SourceStart">Seconds into the file at the start of the window.</param>
/// <param name="Speed">Seconds of the file per second of the project; exactly 1 when it is meant to be.</param>
internal sealed record AudioPiece(DawAudio Audio, DawElement Clip, string ClipName, Window Window, double SourceStart, double Speed);
