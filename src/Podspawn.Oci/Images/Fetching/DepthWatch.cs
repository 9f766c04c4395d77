using Podspawn.Oci.Images.Tools;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Images.Fetching;

/// <summary>Searches for paths that are too deep, in layers that another tool is unpacking at the same time: that tool is then ended.</summary>
internal sealed class DepthWatch : IDisposable
{
    private readonly CancellationTokenSource stop;
    private readonly CancellationToken caller;
    private readonly Task<string?> search;

    internal DepthWatch(IEnumerable<string> layers, CancellationToken cancel)
    {
        caller = cancel;
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        string[] files = [.. layers];
        CancellationToken stopped = stop.Token;
        search = Task.Run(
            () =>
            {
                string? found = files.Select(layer => LayerDepth.FindTooDeep(layer, stopped)).FirstOrDefault(path => path is not null);
                if (found is not null)
                    stop.Cancel();
                return found;
            },
            CancellationToken.None);
    }

    /// <summary>Does the work, and waits for the search: both are quick where the image is small.</summary>
    /// <param name="name">The image, for the message.</param>
    /// <param name="work">The work; its token cancels it.</param>
    /// <exception cref="LimitException">A path is too deep.</exception>
    internal T Beside<T>(string name, Func<CancellationToken, T> work)
    {
        T done;
        try
        {
            done = work(stop.Token);
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested && search.GetAwaiter().GetResult() is { } path)
        {
            throw TooDeep(name, path);
        }
        return search.GetAwaiter().GetResult() is { } late ? throw TooDeep(name, late) : done;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stop.Cancel();
        search.GetAwaiter().GetResult();
        stop.Dispose();
    }

    private static LimitException TooDeep(string name, string path) =>
        new($"{name}: a path in it has more than {LayerDepth.Deepest} parts ({Printable.Quote(path)}), which no program needs and takes very long to unpack; take another image");
}
