namespace Loophole.Tests;

/// <summary>The repository that the tests were built in; part of every test project.</summary>
internal static class Repository
{
    /// <summary>Its folder. Not from where this file was compiled: a CI build maps source paths.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Loophole.Cluster.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests are not run from inside the repository.");
    }
}
