namespace Rx.Sse.Tests.Golden;

/// <summary>A story and the rule that it shows. The file with its trace has the same name.</summary>
internal sealed record GoldenStory(string Name, string About, params Act[] Acts)
{
    /// <summary>The test category that excludes the story where its trace would be different.</summary>
    public string? Category { get; init; }

    public override string ToString() => Name;
}

/// <summary>One client and one server. The acts of a story are independent; they only have the same subject.</summary>
/// <param name="Answers">
/// How the server answers the requests, in order. The last answer is repeated for all further requests.
/// </param>
internal sealed record Act(params Answer[] Answers)
{
    /// <summary>What distinguishes this act from the others of its story; empty if there are no others.</summary>
    public string Title { get; init; } = "";

    /// <summary>What the client subscribes to.</summary>
    public Func<Stage, IObservable<object>> Source { get; init; } = Sources.Signals;

    public Func<Stage, SseRequest> Request { get; init; } = _ => "/stream";

    /// <summary>Changes the options. By default, they are the default options without jitter.</summary>
    public Func<SseOptions, Stage, SseOptions> Options { get; init; } = (options, _) => options;

    /// <summary>Configures the client, for example its default headers.</summary>
    public Action<HttpClient>? Client { get; init; }

    /// <summary>
    /// Configures the real handler. In virtual time, only the properties that the scripted server also has take effect.
    /// </summary>
    public Action<SocketsHttpHandler>? Handler { get; init; }

    /// <summary>What the observer does in each <c>OnNext</c>.</summary>
    public Action<Stage, object>? OnNext { get; init; }

    /// <summary>What the observer does in <c>OnError</c> or <c>OnCompleted</c>.</summary>
    public Action<Stage>? OnEnd { get; init; }

    /// <summary>What the client does at given times, in seconds.</summary>
    public (double Time, Action<Stage> Do)[] At { get; init; } = [];

    /// <summary>When the client unsubscribes if the stream has not ended, in seconds.</summary>
    public double Until { get; init; } = 60;

    /// <summary>Why only virtual time can show this; null if sockets show it, too.</summary>
    public string? VirtualOnly { get; init; }

    /// <summary>Why only sockets can show this; null if virtual time shows it, too.</summary>
    public string? SocketsOnly { get; init; }

    /// <summary>What differs between virtual time and sockets, and why; null if nothing does.</summary>
    public string? Differs { get; init; }
}
