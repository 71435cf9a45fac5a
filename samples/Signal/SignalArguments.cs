using Loophole.Cluster.Transports;

namespace Loophole.Signal;

internal sealed record SignalArguments(
    SignalRole Role,
    string Listen,
    TransportChoice Transport,
    AdvertiseChoice Advertise,
    string? Name,
    int Workers,
    DirectoryInfo? Cache,
    long CacheMebibytes,
    bool InsecureLoopback,
    DirectoryInfo? Store,
    bool IsEphemeral,
    FileInfo? JoinFile,
    bool JoinFromInput,
    bool WithParent,
    bool Verbose);
