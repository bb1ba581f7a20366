using System.Net;

namespace Rx.Sse.Tests.Stress;

/// <summary>
/// What a server does with one request, chosen at random: everything that a server can do, good or bad.
/// </summary>
/// <param name="Answers">Whether it responds at all, sooner or later.</param>
/// <param name="Status">The status of the response.</param>
/// <param name="Body">The parts of the body. An empty text is a short pause.</param>
/// <param name="End">What happens after the body.</param>
internal sealed record Whim(bool Answers, HttpStatusCode Status, string[] Body, WhimEnd End)
{
    /// <summary>Small, so that a chunk can exceed it.</summary>
    public const int MaxEventSize = 32_000;

    private static readonly HttpStatusCode[] Statuses =
        [
            HttpStatusCode.NoContent, HttpStatusCode.NotFound, HttpStatusCode.ServiceUnavailable,
            HttpStatusCode.InternalServerError,
        ];

    private static readonly string[] Chunks =
    [
        "", "", "", "id: 1\ndata: a\n\n", "data: b\n\ndata: c\n\ndata: d\n\n", ": comment\n", "data: cut o", "ff\n\n",
        "retry: 1\n", "event: x\ndata: y\r\r",
        "data: " + new string('x', 20_000) + "\n\n", "id: \u00E9\n", string.Concat(
            Enumerable.Repeat("data: z\n\n", 500)),
    ];

    private static readonly string TooLarge = new('x', 40_000);

    public static Whim Of(Random random)
    {
        bool isStream = random.Next(4) > 0;
        string[] body =
        [
            .. Enumerable.Range(0, random.Next(12))
                .Select(_ => random.Next(200) == 0 ? TooLarge : Chunks[random.Next(Chunks.Length)]),
        ];
        HttpStatusCode status = isStream ? HttpStatusCode.OK : Statuses[random.Next(Statuses.Length)];
        if (status == HttpStatusCode.NoContent)
            return new Whim(true, status, [], WhimEnd.Close);
        return new Whim(random.Next(10) > 0, status, body, (WhimEnd)random.Next(3));
    }
}

/// <summary>What happens to a response after everything was sent: nothing, a regular end, or a break.</summary>
internal enum WhimEnd
{
    Stall,
    Close,
    Break,
}
