namespace Loophole.DawProject.Resolving;

/// <summary>A timeline placed on another one of the same unit: the content of a clip, or of one pass of a loop.</summary>
internal sealed class ShiftedScope(TimeScope outer, double shift) : TimeScope
{
    public override DawTimeUnit Unit => outer.Unit;

    public override bool IsRealTime => outer.IsRealTime;

    public override double SecondsAt(double time) => outer.SecondsAt(time + shift);

    public override double TimeAt(double seconds) => outer.TimeAt(seconds) - shift;

    public override void AddBends(double from, double to, List<double> bends) => outer.AddBends(from, to, bends);
}
