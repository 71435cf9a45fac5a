namespace Loophole.Signal;

internal sealed record SignalArguments(
    SignalRole Role,
    string Listen,
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
