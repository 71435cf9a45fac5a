namespace Loophole.Signal;

internal enum SignalRole
{
    Satellite,
    Host,
}
