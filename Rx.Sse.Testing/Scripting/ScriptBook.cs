namespace Rx.Sse.Testing.Scripting;

/// <summary>Which script serves which request.</summary>
internal sealed class ScriptBook
{
    /// <summary>The scripts that are left, by path; under the empty one, those for requests without a path of their own.</summary>
    private readonly Dictionary<string, Queue<SseScript>> _scripts = new() { [""] = new() };

    private int _requests;

    /// <summary>For a message: which paths have scripts of their own.</summary>
    private string Paths => _scripts.Count > 1 ? $" Scripts of their own have the paths {string.Join(", ", _scripts.Keys.Where(path => path.Length > 0))}." : "";

    /// <summary>What serves the requests that no script is left for.</summary>
    public Func<SseTestRequest, SseScript>? Rule { get; set; }

    public void Add(string path, SseScript[] scripts)
    {
        if (scripts is null || scripts.Contains(null))
            throw new ArgumentNullException(nameof(scripts), "A connection's script is missing.");
        if (!_scripts.TryGetValue(path, out Queue<SseScript>? queue))
            _scripts.Add(path, queue = new());
        foreach (SseScript script in scripts)
            queue.Enqueue(script);
    }

    /// <exception cref="SseScriptException">There is none.</exception>
    public SseScript Next(SseTestRequest request)
    {
        _requests++;
        if (!_scripts.TryGetValue(request.Address.AbsolutePath, out Queue<SseScript>? queue))
            queue = _scripts[""];
        if (queue.Count > 0)
            return queue.Dequeue();
        if (Rule is null)
            throw new SseScriptException($"No script is left for request {_requests}, {request}.{Paths} Give the server one more connection, or say with Otherwise what it does on every further one.");

        try
        {
            return Rule(request) ?? throw new InvalidOperationException("The rule returned null.");
        }
        catch (Exception exception)
        {
            throw new SseScriptException($"The rule given to Otherwise failed for request {_requests}, {request}: {exception.Message}", exception);
        }
    }
}
