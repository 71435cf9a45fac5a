using System.Text.Json;
using Loophole.Cluster.Telemetry;
using Loophole.Cluster.Trust;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Loophole.Cluster.Placement;

/// <summary>Keeps a <see cref="CostBook"/> in a file, which any number of processes may write to. Nothing is lost with it but time: a file that cannot be read or written is logged, and done without.</summary>
/// <remarks>The file (<see cref="FileName"/>) has mode 0600 in a folder of mode 0700 and is replaced as a whole; writing locks <c>costs.lock</c> beside it. One that is no book is set aside as <c>costs.unreadable.json</c>.</remarks>
public static class CostBookFile
{
    /// <summary>Name of the file in its folder.</summary>
    public const string FileName = "costs.json";

    private const string AsideName = "costs.unreadable.json";
    private const int MaxLength = 16 << 20;

    /// <summary>Opens the book. [any]</summary>
    /// <param name="folder">Where the file is; made with mode 0700 when it is not there.</param>
    /// <param name="loggers">For logs, or <see langword="null"/> for none.</param>
    /// <returns>The book; empty where there is no file that can be read.</returns>
    public static CostBook Open(string folder, ILoggerFactory? loggers = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var logger = LoggerOf(loggers);
        try
        {
            PrivateFiles.EnsureFolder(folder);
            return new CostBook(Read(folder, logger));
        }
        catch (IOException failure)
        {
            ClusterLog.CostsNotRead(logger, failure.Message);
            return new CostBook(LearntCosts.Empty);
        }
    }

    /// <summary>Writes what was learnt since the book was opened. What others have written meanwhile of other classes of machines stays. [any]</summary>
    /// <param name="book">The book.</param>
    /// <param name="folder">Where the file is.</param>
    /// <param name="loggers">For logs, or <see langword="null"/> for none.</param>
    /// <param name="time">The clock, or <see langword="null"/> for the system's.</param>
    /// <param name="cancellationToken">Ends waiting for other processes; nothing is written.</param>
    /// <returns>Completes when it is written, or cannot be.</returns>
    public static async Task SaveAsync(CostBook book, string folder, ILoggerFactory? loggers = null, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (book.Over(LearntCosts.Empty).Classes.IsEmpty)
        {
            return;
        }

        var logger = LoggerOf(loggers);
        try
        {
            PrivateFiles.EnsureFolder(folder);
            using var held = await PrivateFiles.LockAsync(Path.Combine(folder, "costs.lock"), time ?? TimeProvider.System, cancellationToken).ConfigureAwait(false);
            var costs = book.Over(Read(folder, logger));
            PrivateFiles.Replace(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(CostBookDocument.Of(costs), CostBookJson.Default.CostBookDocument));
        }
        catch (IOException failure)
        {
            ClusterLog.CostsNotWritten(logger, failure.Message);
        }
    }

    private static LearntCosts Read(string folder, ILogger logger)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return PrivateFiles.TryRead(path, MaxLength) is { } bytes ? Parse(bytes) : LearntCosts.Empty;
        }
        catch (TrustException failure) when (failure.Error == TrustError.Corrupt)
        {
            SetAside(failure.Message);
        }
        catch (JsonException unfit)
        {
            SetAside(unfit.Message);
        }

        return LearntCosts.Empty;

        void SetAside(string fault)
        {
            try
            {
                File.Move(path, Path.Combine(folder, AsideName), overwrite: true);
            }
            catch (UnauthorizedAccessException refused)
            {
                throw new IOException(refused.Message, refused);
            }

            ClusterLog.CostsSetAside(logger, path, AsideName, fault);
        }
    }

    /// <exception cref="JsonException">It is no book.</exception>
    private static LearntCosts Parse(byte[] bytes)
    {
        var document = JsonSerializer.Deserialize(bytes, CostBookJson.Default.CostBookDocument) ?? throw new JsonException("It is null.");
        return document.FindFault() is { } fault ? throw new JsonException(fault) : document.ToCosts();
    }

    private static ILogger LoggerOf(ILoggerFactory? loggers) => (loggers ?? NullLoggerFactory.Instance).CreateLogger<CostBook>();
}
