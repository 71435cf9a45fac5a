using Loophole.Cluster.Endpoint;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Tcp;
using Loophole.Cluster.Transports;
using Microsoft.Extensions.Logging;

namespace Loophole.Pulse;

/// <summary>Talks to the Pulse that is served with a store, for the duration of a command.</summary>
internal static class ServedPulse
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Does something with it.</summary>
    /// <returns>What came out; <see langword="default"/> when no Pulse is served.</returns>
    /// <exception cref="IOException">It does not answer, or refuses.</exception>
    public static async Task<T?> AskAsync<T>(string storeFolder, Func<PulseClient, Task<T>> ask, ILoggerFactory loggers, CancellationToken cancellationToken)
        where T : class
    {
        if (EndpointFile.Find(storeFolder) is not { } address)
        {
            return null;
        }

        await using var transport = new TcpTransport(new TcpTransportOptions { InsecureLoopback = true }, loggers);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        try
        {
            await using var client = await PulseClient.ConnectAsync(transport, address, loggers, cancellationToken: deadline.Token);
            return await ask(client);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"The Pulse at {address} does not answer.", late);
        }
        catch (TransportException failed)
        {
            throw new IOException($"The Pulse at {address} cannot be reached: {failed.Message}", failed);
        }
        catch (ControlException refused)
        {
            throw new IOException($"The Pulse at {address} refused: {refused.Message}", refused);
        }
    }

    /// <exception cref="IOException">No Pulse is served with this store.</exception>
    public static IOException NotServed(string storeFolder) => new($"No Pulse is served with {storeFolder}: this is for one that runs. Start it with `pulse serve`.");
}
