using Loophole.Cluster.TestKit.Checks;

namespace Loophole.Cluster.TestKit;

/// <summary>One clause of a contract, as a test that any test framework can run.</summary>
/// <typeparam name="TSubject">What it runs against, such as <c>TransportSubject</c>.</typeparam>
public sealed class ConformanceCase<TSubject>
    where TSubject : class
{
    private readonly Func<TSubject, CancellationToken, Task> _run;

    /// <summary>Makes a case.</summary>
    /// <param name="id">Upper-case group, hyphen, three digits: <c>LINK-021</c>. Never reused once published.</param>
    /// <param name="title">The clause, as a sentence.</param>
    /// <param name="source">The member or document that the clause comes from.</param>
    /// <param name="run">Throws when the subject breaks the clause. Runs on the thread pool.</param>
    /// <exception cref="ArgumentException">The id has another form, or a text is empty.</exception>
    public ConformanceCase(string id, string title, string source, Func<TSubject, CancellationToken, Task> run)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentException.ThrowIfNullOrWhiteSpace(source);
        ArgumentNullException.ThrowIfNull(run);
        if (id.Split('-') is not [{ Length: > 0 } group, { Length: 3 } number] || !group.All(char.IsAsciiLetterUpper) || !number.All(char.IsAsciiDigit))
        {
            throw new ArgumentException($"{id} is not a group, a hyphen and three digits.", nameof(id));
        }

        (Id, Title, Source, _run) = (id, title, source, run);
    }

    /// <summary>Its name in documents and reports, such as <c>LINK-021</c>. [any]</summary>
    public string Id { get; }

    /// <summary>The clause, as a sentence. [any]</summary>
    public string Title { get; }

    /// <summary>The member or document that the clause comes from. [any]</summary>
    public string Source { get; }

    /// <summary>Whether it looks at the whole process (what it allocates, its open handles), so that nothing else may run beside it. Default <see langword="false"/>. [any]</summary>
    public bool RunsAlone { get; init; }

    /// <summary>Says why the case does not apply to a subject, <see langword="null"/> when it does. Default: it applies to all. [any]</summary>
    public Func<TSubject, string?> SkipReason { get; init; } = static _ => null;

    /// <summary>Runs the case. Safe beside other cases unless <see cref="RunsAlone"/>. [any]</summary>
    /// <param name="subject">What is judged.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>Completes when the clause has held.</returns>
    /// <exception cref="ConformanceException">The subject breaks the clause.</exception>
    /// <exception cref="InvalidOperationException">The case does not apply; see <see cref="SkipReason"/>.</exception>
    public async Task RunAsync(TSubject subject, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (SkipReason(subject) is { } reason)
        {
            throw new InvalidOperationException($"{Id} does not apply: {reason}");
        }

        try
        {
            // On the pool there is no synchronization context of a test framework that a blocked thread could keep from us.
            await Task.Run(() => _run(subject, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (UnmetException unmet)
        {
            throw new ConformanceException(Id, Title, unmet.Expected, unmet.Happened, unmet.InnerException);
        }
        catch (Exception exception) when (exception is not ConformanceException && !(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            throw new ConformanceException(Id, Title, "no exception but those of the clause", $"{exception.GetType().Name}: {exception.Message}", exception);
        }
    }

    /// <summary>The id, so that a test framework shows it.</summary>
    /// <returns>The id.</returns>
    public override string ToString() => Id;
}
