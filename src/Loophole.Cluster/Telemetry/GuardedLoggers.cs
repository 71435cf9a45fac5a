using Loophole.Cluster.Devices;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Telemetry;

/// <summary>Loggers that tell the guard of the audio thread when they are used there. The loggers behind it are not disposed.</summary>
internal sealed class GuardedLoggers(ILoggerFactory inner) : ILoggerFactory
{
    /// <summary>Guarded where callbacks are.</summary>
    public static ILoggerFactory Of(ILoggerFactory loggers) => AudioThread.IsGuarded ? new GuardedLoggers(loggers) : loggers;

    public ILogger CreateLogger(string categoryName) => new Guarded(inner.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose()
    {
    }

    private sealed class Guarded(ILogger logger) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel)
        {
            AudioThread.Trip(AudioThreadFault.Log, "a logger");
            return logger.IsEnabled(logLevel);
        }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            AudioThread.Trip(AudioThreadFault.Log, "a logger");
            logger.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
