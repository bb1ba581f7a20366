using System.Text;

namespace Rx.Sse.Tests.Golden;

/// <summary>
/// The file of a story. For each act, it has what the server does, and what happened in virtual time and over sockets.
/// </summary>
internal sealed class TraceFile
{
    private const string Both = "virtual and sockets:", VirtualOnly = "virtual:", SocketsOnly = "sockets:";
    private const string ActMark = "== ";

    private readonly GoldenStory _story;
    private readonly Recording[] _acts;

    private TraceFile(GoldenStory story, Recording[] acts) => (_story, _acts) = (story, acts);

    public static string Folder => Repository.PathOf("Rx.Sse.Tests", "Golden", "Traces");

    public static string PathOf(GoldenStory story) => Path.Combine(Folder, $"{story.Name}.txt");

    public static TraceFile Read(GoldenStory story)
    {
        Dictionary<string, Recording> found = Parse(ReadText(story));
        return new TraceFile(
            story,
            [.. story.Acts.Select(act => found.GetValueOrDefault(act.Title) ?? new Recording())]);
    }

    public static string ReadText(GoldenStory story) =>
        File.Exists(PathOf(story)) ? File.ReadAllText(PathOf(story)).ReplaceLineEndings("\n") : "";

    public bool Differs(int act) => _acts[act] is { Virtual: not null, Sockets: not null, IsSame: false };

    public TraceFile WithVirtual(IReadOnlyList<string>?[] traces) =>
        With(traces, (act, trace) => act with { Virtual = trace });

    public TraceFile WithSockets(IReadOnlyList<string>?[] traces) =>
        With(traces, (act, trace) => act with { Sockets = trace });

    public override string ToString()
    {
        var text = new StringBuilder();
        Line($"# {_story.Name}");
        Line($"# {_story.About}");
        AppendReasons("Virtual and sockets differ", act => act.Differs);
        AppendReasons("Virtual only", act => act.VirtualOnly);
        AppendReasons("Sockets only", act => act.SocketsOnly);

        foreach ((Act act, Recording recording) in _story.Acts.Zip(_acts))
        {
            Line("");
            if (act.Title.Length > 0)
                Line(ActMark + act.Title);
            AppendServer(act);
            AppendPart(recording.IsSame ? Both : VirtualOnly, recording.Virtual);
            if (!recording.IsSame)
                AppendPart(SocketsOnly, recording.Sockets);
        }

        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');

        void AppendReasons(string what, Func<Act, string?> reasonOf)
        {
            foreach (
                IGrouping<string,
                Act> acts in _story.Acts.Where(act => reasonOf(act) is not null).GroupBy(act => reasonOf(act)!))
            {
                bool areAll = acts.Count() == _story.Acts.Length;
                string which = areAll ? "" : $" ({string.Join("; ", acts.Select(act => act.Title))})";
                Line($"# {what}{which}: {acts.Key}");
            }
        }

        void AppendServer(Act act)
        {
            for (int i = 0; i < act.Answers.Length; i++)
                Line($"server {i + 1}{(i > 0 && i == act.Answers.Length - 1 ? " and later" : "")}: {act.Answers[i]}");
        }

        void AppendPart(string heading, IReadOnlyList<string>? lines)
        {
            if (lines is null)
                return;
            Line(heading);
            foreach (string line in lines)
                Line(line);
        }
    }

    private static Dictionary<string, Recording> Parse(string text)
    {
        var acts = new Dictionary<string, Recording>();
        string title = "";
        List<string> lines = [];
        foreach (string line in text.Split('\n'))
        {
            if (line.StartsWith(ActMark, StringComparison.Ordinal))
                title = line[ActMark.Length..];
            else if (line is Both or VirtualOnly or SocketsOnly)
                Begin(line);
            else if (line.StartsWith(' '))
                lines.Add(line);
        }

        return acts;

        void Begin(string heading)
        {
            lines = [];
            Recording act = acts.GetValueOrDefault(title) ?? new Recording();
            acts[title] = new Recording(
                heading == SocketsOnly ? act.Virtual : lines,
                heading == VirtualOnly ? act.Sockets : lines);
        }
    }

    private TraceFile With(
        IReadOnlyList<string>?[] traces,
        Func<Recording,
        IReadOnlyList<string>?,
        Recording> change) =>
        new(_story, [.. _acts.Zip(traces, change)]);

    /// <param name="Virtual">The lines in virtual time; null if there are none.</param>
    /// <param name="Sockets">The lines over sockets; null if there are none.</param>
    private sealed record Recording(IReadOnlyList<string>? Virtual = null, IReadOnlyList<string>? Sockets = null)
    {
        public bool IsSame => Virtual is not null && Sockets is not null && Virtual.SequenceEqual(Sockets);
    }
}
