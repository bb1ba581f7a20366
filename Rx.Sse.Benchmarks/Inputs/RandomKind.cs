namespace Rx.Sse.Benchmarks.Inputs;

/// <summary>Chooses each dimension of a kind at random.</summary>
internal static class RandomKind
{
    private const int SmallestLine = 10;
    private const int LargestEvent = 100_000;
    private const int MostDataLines = 100;
    private const int MostComments = 3;

    private static readonly Field[] OtherFields = [Field.Event, Field.Id, Field.Retry, Field.Unknown];

    private static readonly (string Name, string Text)[] LineEnds = [("LF", "\n"), ("CRLF", "\r\n"), ("CR", "\r")];

    public static Kind Next(Random random, int number)
    {
        Field[] fields = [Field.Data, .. OtherFields.Where(_ => NextBool(random))];
        random.Shuffle(fields);
        (string lineEnd, string lineEndText) = random.GetItem(LineEnds);
        int dataLines = NextBool(random) ? 1 : NextLogarithmic(random, 1, MostDataLines);
        var kind = new Kind("")
        {
            Fields = fields,
            LineEnd = lineEndText,
            SpaceAfterColon = NextBool(random),
            Id = random.GetItem(Enum.GetValues<IdForm>()),
            Comments = NextBool(random) ? 0 : random.Next(1, MostComments + 1),
            BlankLineAfterComment = NextBool(random),
            Script = random.GetItem(Script.All),
            DataLines = dataLines,
            EventSize = NextLogarithmic(random, dataLines * SmallestLine, LargestEvent),
        };
        return kind with { Name = $"random {number}: {Describe(kind, lineEnd)}" };
    }

    private static bool NextBool(Random random) => random.Next(2) == 0;

    /// <summary>
    /// Returns a logarithmically distributed number, so that every order of magnitude is equally likely.
    /// </summary>
    private static int NextLogarithmic(Random random, int least, int most) =>
        (int)(least * Math.Pow((double)most / least, random.NextDouble()));

    private static string Describe(Kind kind, string lineEnd)
    {
        List<string> parts = [string.Join(' ', kind.Fields).ToLowerInvariant(), lineEnd, kind.Script.Name];
        if (kind.Fields.Contains(Field.Id))
            parts.Add($"{kind.Id} ID");
        if (!kind.SpaceAfterColon)
            parts.Add("no space");
        if (kind.Comments > 0)
            parts.Add(kind.BlankLineAfterComment ? "comments and blank lines" : "comments");
        if (kind.DataLines > 1)
            parts.Add($"{kind.DataLines} data lines");
        parts.Add($"{kind.EventSize} B");
        return string.Join(", ", parts);
    }
}
