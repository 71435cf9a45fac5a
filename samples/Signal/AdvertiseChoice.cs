namespace Loophole.Signal;

internal enum AdvertiseChoice
{
    Auto,
    Always,
    Never,
}
