namespace Rx.Sse.Tests.Golden;

/// <summary>A story and the rule that it shows. Its trace is the file of that name.</summary>
internal sealed record GoldenStory(string Name, string About, params Act[] Acts)
{
    /// <summary>The category of tests that leaves the story out where its trace is another one.</summary>
    public string? Category { get; init; }

    public override string ToString() => Name;
}

/// <summary>One client and one server. The acts of a story have nothing in common but its subject.</summary>
/// <param name="Answers">
/// How the server answers the requests, one after the other. The last one also serves all further requests.
/// </param>
internal sealed record Act(params Answer[] Answers)
{
    /// <summary>What distinguishes this act from the others of its story; empty if it is the only one.</summary>
    public string Title { get; init; } = "";

    /// <summary>What the client subscribes to.</summary>
    public Func<Stage, IObservable<object>> Source { get; init; } = Sources.Signals;

    public Func<Stage, SseRequest> Request { get; init; } = _ => "/stream";

    /// <summary>Changes the options, which are the defaults without jitter.</summary>
    public Func<SseOptions, Stage, SseOptions> Options { get; init; } = (options, _) => options;

    /// <summary>Sets up the client, for example its default headers.</summary>
    public Action<HttpClient>? Client { get; init; }

    /// <summary>
    /// Sets up the real handler. In virtual time, those properties count that the scripted server has, too.
    /// </summary>
    public Action<SocketsHttpHandler>? Handler { get; init; }

    /// <summary>What the observer does within each <c>OnNext</c>.</summary>
    public Action<Stage, object>? OnNext { get; init; }

    /// <summary>What the observer does within <c>OnError</c> or <c>OnCompleted</c>.</summary>
    public Action<Stage>? OnEnd { get; init; }

    /// <summary>What the client does at a time, in seconds.</summary>
    public (double Time, Action<Stage> Do)[] At { get; init; } = [];

    /// <summary>When the client leaves if it is still there, in seconds.</summary>
    public double Until { get; init; } = 60;

    /// <summary>Why this can only be shown in virtual time; null if sockets show it, too.</summary>
    public string? VirtualOnly { get; init; }

    /// <summary>Why this can only be shown over sockets; null if virtual time shows it, too.</summary>
    public string? SocketsOnly { get; init; }

    /// <summary>What differs between virtual time and sockets, and why; null if nothing does.</summary>
    public string? Differs { get; init; }
}
