namespace Rx.Sse.Testing.Scripting;

/// <summary>Decides which script serves which request.</summary>
internal sealed class ScriptBook
{
    /// <summary>The scripts by path. The scripts for all other paths are under the empty path.</summary>
    private readonly Dictionary<string, PathScripts> _scripts = new() { [""] = new() };

    private int _requests;

    /// <summary>For error messages: the paths that have separate scripts.</summary>
    private string Paths => _scripts.Count > 1
        ? $" These paths have separate scripts: {string.Join(", ", _scripts.Keys.Where(path => path.Length > 0))}."
        : "";

    /// <summary>Returns the script for a request when no script is left; null if there is no such rule.</summary>
    public Func<SseTestRequest, SseScript>? Rule { get; set; }

    /// <summary>The scripts that have not served a request, by path and in order.</summary>
    public IEnumerable<SseUnservedScript> Unserved =>
        from path in _scripts.Keys.OrderBy(path => path, StringComparer.Ordinal)
        from number in Enumerable.Range(_scripts[path].Served + 1, _scripts[path].All.Count - _scripts[path].Served)
        select new SseUnservedScript(path, number, _scripts[path].All[number - 1]);

    public void Add(string path, SseScript[] scripts)
    {
        if (scripts is null || scripts.Contains(null))
            throw new ArgumentNullException(nameof(scripts), "A connection's script is missing.");
        if (!_scripts.TryGetValue(path, out PathScripts? known))
            _scripts.Add(path, known = new());
        known.All.AddRange(scripts);
    }

    /// <summary>Whether the connection for the next request to that address is refused.</summary>
    public bool IsRefused(Uri address) =>
        ScriptsOf(address) is var scripts
        && scripts.Served < scripts.All.Count
        && scripts.All[scripts.Served].IsRefusal;

    /// <exception cref="SseScriptException">There is no script for the request.</exception>
    public SseScript Next(SseTestRequest request)
    {
        _requests++;
        PathScripts scripts = ScriptsOf(request.Address);
        if (scripts.Served < scripts.All.Count)
            return scripts.All[scripts.Served++];
        if (Rule is null)
            throw new SseScriptException(
                $"No script is left for request {_requests}, {request}.{Paths} "
                + "Give the server one more connection, or say with Otherwise what it does on every further one.");

        try
        {
            return Rule(request) ?? throw new InvalidOperationException("The rule returned null.");
        }
        catch (Exception exception)
        {
            throw new SseScriptException(
                $"The rule given to Otherwise failed for request {_requests}, {request}: {exception.Message}",
                exception);
        }
    }

    private PathScripts ScriptsOf(Uri address) =>
        _scripts.TryGetValue(address.AbsolutePath, out PathScripts? scripts) ? scripts : _scripts[""];

    private sealed class PathScripts
    {
        public List<SseScript> All { get; } = [];

        /// <summary>The number of scripts that have served a request.</summary>
        public int Served { get; set; }
    }
}
