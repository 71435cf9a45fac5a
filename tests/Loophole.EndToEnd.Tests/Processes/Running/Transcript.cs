using System.Text;

namespace Loophole.EndToEnd.Tests.Processes.Running;

/// <summary>What a process says, line by line; others can wait for a line. Safe for concurrent use.</summary>
internal sealed class Transcript
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private readonly List<(Func<string, bool> IsIt, TaskCompletionSource<string> Line)> _waiting = [];
    private readonly List<string> _lines = [];
    private bool _hasEnded;

    /// <summary>Reads to the end.</summary>
    public async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            Add(line);
        }

        End();
    }

    /// <summary>The first line, also of those already said, that is the one.</summary>
    /// <exception cref="InvalidOperationException">The process ended before.</exception>
    public Task<string> LineAsync(Func<string, bool> isIt)
    {
        lock (_gate)
        {
            if (_lines.Find(line => isIt(line)) is { } said)
            {
                return Task.FromResult(said);
            }

            var line = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((isIt, line));
            if (_hasEnded)
            {
                Refuse(line);
            }

            return line.Task;
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            return _text.ToString();
        }
    }

    private void Add(string line)
    {
        lock (_gate)
        {
            _lines.Add(line);
            _text.AppendLine(line);
            foreach (var (_, waiting) in _waiting.FindAll(entry => entry.IsIt(line)))
            {
                waiting.TrySetResult(line);
            }
        }
    }

    private void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
            _waiting.ForEach(entry => Refuse(entry.Line));
        }
    }

    private void Refuse(TaskCompletionSource<string> line) => line.TrySetException(new InvalidOperationException($"The process ended without that line: {_text}"));
}
