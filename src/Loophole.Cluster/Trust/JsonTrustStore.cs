using System.Threading.Channels;
using Loophole.Cluster.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Loophole.Cluster.Trust;

/// <summary>A trust store in a JSON file, which any number of processes may have open. What one of them changes, the others act on at once.</summary>
/// <remarks>
/// <para><b>File.</b> <see cref="FileName"/>, mode 0600 in a folder of mode 0700, replaced as a whole; changes lock <c>trust.lock</c> beside it. No file is a store that knows nobody.</para>
/// <para><b>While it is open.</b> A file that becomes unreadable is logged and changes nothing: what was known before still goes. A change then fails.</para>
/// </remarks>
public sealed class JsonTrustStore : ITrustStore, IAsyncDisposable
{
    /// <summary>Name of the file in its folder.</summary>
    public const string FileName = "trust.json";

    /// <summary>How often the file is looked at, whether or not the system has said that it changed.</summary>
    internal static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(200);

    private readonly string _path;
    private readonly string _lockPath;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TrustFeed _feed;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Channel<bool> _looks = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ITimer _poll;
    private readonly FileSystemWatcher? _watcher;
    private readonly Task _watching;
    private byte[]? _seen;

    private JsonTrustStore(string folder, ILogger logger, TimeProvider time)
    {
        (_path, _lockPath) = (Path.Combine(folder, FileName), Path.Combine(folder, "trust.lock"));
        (_logger, _time) = (logger, time);
        _seen = PrivateFiles.TryRead(_path, TrustFile.MaxLength);
        _feed = new TrustFeed(_seen is null ? TrustSnapshot.Empty : TrustFile.Read(_path, _seen));
        _watching = WatchFileAsync();
        _watcher = TryWatch(folder);
        _poll = _time.CreateTimer(static store => ((JsonTrustStore)store!).Look(), this, PollPeriod, PollPeriod);
    }

    /// <inheritdoc/>
    public TrustSnapshot Current => _feed.Current;

    /// <summary>Opens a store. [any]</summary>
    /// <param name="folder">Where it is; made with mode 0700 when it is not there.</param>
    /// <param name="loggers">For logs, or <see langword="null"/> for none.</param>
    /// <param name="time">The clock, or <see langword="null"/> for the system's.</param>
    /// <returns>The store; the caller disposes it.</returns>
    /// <exception cref="TrustException">Others may use folder or file, the file is no store, or it cannot be read.</exception>
    public static JsonTrustStore Open(string folder, ILoggerFactory? loggers = null, TimeProvider? time = null)
    {
        PrivateFiles.EnsureFolder(folder);
        return new JsonTrustStore(Path.GetFullPath(folder), (loggers ?? NullLoggerFactory.Instance).CreateLogger<JsonTrustStore>(), time ?? TimeProvider.System);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<TrustSnapshot> WatchAsync(long afterVersion, CancellationToken cancellationToken = default) => _feed.WatchAsync(afterVersion, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<TrustSnapshot> UpdateAsync(Func<TrustSnapshot, TrustSnapshot> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var held = await PrivateFiles.LockAsync(_lockPath, _time, cancellationToken).ConfigureAwait(false);
            TakeUp(PrivateFiles.TryRead(_path, TrustFile.MaxLength));
            var before = _feed.Current;
            var after = change(before);
            if (ReferenceEquals(after, before))
            {
                return before;
            }

            after = after with { Version = before.Version + 1 };
            var bytes = TrustFile.Write(after);
            PrivateFiles.Replace(_path, bytes);
            _seen = bytes;
            return _feed.Publish(after);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops watching the file. Its last snapshot stays readable.</summary>
    /// <returns>Completes when nothing is watched any more.</returns>
    public async ValueTask DisposeAsync()
    {
        _watcher?.Dispose();
        await _poll.DisposeAsync().ConfigureAwait(false);
        _looks.Writer.TryComplete();
        await _watching.ConfigureAwait(false);
    }

    /// <summary>What the system tells of the folder; it may miss things, so this only makes the next look come sooner.</summary>
    private FileSystemWatcher? TryWatch(string folder)
    {
        try
        {
            var watcher = new FileSystemWatcher(folder, FileName);
            watcher.Changed += (_, _) => Look();
            watcher.Created += (_, _) => Look();
            watcher.Renamed += (_, _) => Look();
            watcher.Deleted += (_, _) => Look();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception refused) when (refused is IOException or PlatformNotSupportedException)
        {
            ClusterLog.StoreNotWatched(_logger, _path, refused.Message);
            return null;
        }
    }

    private void Look() => _looks.Writer.TryWrite(true);

    private async Task WatchFileAsync()
    {
        var complaint = "";
        await foreach (var _ in _looks.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            await _turn.WaitAsync().ConfigureAwait(false);
            try
            {
                TakeUp(PrivateFiles.TryRead(_path, TrustFile.MaxLength));
                complaint = "";
            }
            catch (TrustException unreadable) when (unreadable.Message == complaint)
            {
                // Said before.
            }
            catch (TrustException unreadable)
            {
                ClusterLog.StoreUnreadable(_logger, complaint = unreadable.Message);
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    /// <summary>Publishes what is in the file, if it is not what was there before. Its version may be old when the file was replaced by hand.</summary>
    private void TakeUp(byte[]? bytes)
    {
        if ((bytes is null) == (_seen is null) && bytes.AsSpan().SequenceEqual(_seen))
        {
            return;
        }

        var snapshot = bytes is null ? TrustSnapshot.Empty : TrustFile.Read(_path, bytes);
        _seen = bytes;
        _feed.Publish(snapshot);
    }
}
