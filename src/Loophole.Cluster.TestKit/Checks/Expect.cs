using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Loophole.Cluster.TestKit.Checks;

/// <summary>What a case expects. Says in words what was expected and what happened.</summary>
internal static class Expect
{
    public static void True([DoesNotReturnIf(false)] bool condition, string expected, string happened)
    {
        if (!condition)
        {
            throw new UnmetException(expected, happened);
        }
    }

    /// <summary>Allocates nothing when it holds, so that it may stand in measured code.</summary>
    public static void True([DoesNotReturnIf(false)] bool condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        if (!condition)
        {
            throw new UnmetException($"{what} to hold", "it does not");
        }
    }

    public static void False([DoesNotReturnIf(true)] bool condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        True(!condition, $"{what} not to hold", "it does");

    public static T NotNull<T>([NotNull] T? value, [CallerArgumentExpression(nameof(value))] string what = "")
        where T : class => value ?? throw new UnmetException($"{what} to give something", "it gave null");

    public static void Null(object? value, [CallerArgumentExpression(nameof(value))] string what = "") =>
        True(value is null, $"{what} to be null", $"it is {value}");

    public static void Equal<T>(T expected, T actual, [CallerArgumentExpression(nameof(actual))] string what = "")
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new UnmetException($"{what} to be {expected}", $"it is {actual}");
        }
    }

    public static void AtMost(long most, long actual, [CallerArgumentExpression(nameof(actual))] string what = "") =>
        True(actual <= most, $"{what} to be {most} at most", $"it is {actual}");

    /// <summary>Compares element by element and names the first that differs.</summary>
    public static void Sequence<T>(IEnumerable<T> expected, IEnumerable<T> actual, [CallerArgumentExpression(nameof(actual))] string what = "")
    {
        var (wanted, got) = (expected.ToArray(), actual.ToArray());
        var common = Math.Min(wanted.Length, got.Length);
        for (var i = 0; i < common; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(wanted[i], got[i]))
            {
                throw new UnmetException($"element {i} of {what} to be {wanted[i]}", $"it is {got[i]}");
            }
        }

        Equal(wanted.Length, got.Length, $"the number of elements of {what}");
    }

    public static T Throws<T>(Action action, [CallerArgumentExpression(nameof(action))] string what = "")
        where T : Exception => Judge<T>(Catch(action), what);

    public static async Task<T> ThrowsAsync<T>(Task task, [CallerArgumentExpression(nameof(task))] string what = "")
        where T : Exception => Judge<T>(await CatchAsync(task).ConfigureAwait(false), what);

    /// <summary>What a task throws, or <see langword="null"/>. A deadline missed on the way is thrown on.</summary>
    public static async Task<Exception?> CatchAsync(Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (exception is not UnmetException)
        {
            return exception;
        }
    }

    private static Exception? Catch(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private static T Judge<T>(Exception? thrown, string what)
        where T : Exception
    {
        // A disposed object is another clause than a wrong call, though its exception derives from that one's.
        if (thrown is T fitting && (typeof(T) != typeof(InvalidOperationException) || thrown is not ObjectDisposedException))
        {
            return fitting;
        }

        throw new UnmetException(
            $"{typeof(T).Name} from {what}", thrown is null ? "nothing was thrown" : $"{thrown.GetType().Name} was thrown: {thrown.Message}", thrown);
    }
}
