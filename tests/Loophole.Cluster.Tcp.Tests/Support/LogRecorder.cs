using System.Collections.Concurrent;
using Loophole.Cluster.Protocol.Tests.Contract;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Tcp.Tests.Support;

/// <summary>Keeps every log event.</summary>
internal sealed class LogRecorder : ILoggerFactory, ILogger
{
    public ConcurrentQueue<(int Id, string Text)> Events { get; } = new();

    /// <summary>Completes when an event with an id and a text has been logged.</summary>
    public async Task SawAsync(int id, string text)
    {
        try
        {
            await Wait.Until(() => Events.Any(e => e.Id == id && e.Text.Contains(text, StringComparison.Ordinal)), $"event {id} with '{text}'");
        }
        catch (Exception)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', Events));
            throw;
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Events.Enqueue((eventId.Id, formatter(state, exception)));

    public void Dispose()
    {
    }
}
