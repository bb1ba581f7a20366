using Rx.Sse.Samples.Chat;

namespace Rx.Sse.Tests.Samples.Chat;

/// <summary>The events of many kinds of provider, each of which answers "Hello".</summary>
internal sealed class AnswerReaderTests
{
    private const string Hel = """{"choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]}""";
    private const string Lo = """{"choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":null}]}""";
    private const string Stop = """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";

    private static IEnumerable<TestCaseData> WholeAnswers =>
    [
        Kind("usual", Hel, Lo, Stop, "[DONE]"),
        Kind("nothing after the reason", Hel, Lo, Stop),
        Kind("error after the reason", Hel, Lo, Stop, """{"error":{"message":"late"}}"""),
        Kind("text beside the reason", Hel, Stop.Replace("{}", """{"content":"lo"}""")),
        Kind("reason in capitals", Hel, Lo, Stop.Replace("stop", "STOP")),
        Kind("reason as an object", Hel, Lo, Stop.Replace("\"stop\"", """{"type":"stop"}""")),
        Kind("reason in the delta", Hel, Lo, """{"choices":[{"delta":{"finish_reason":"stop"}}]}"""),
        Kind("empty reasons", Hel.Replace("null", "\"\""), Lo.Replace("null", "\"null\""), Stop),
        Kind("stop token beside the reason", Hel, Lo, Stop.Replace("}]", ""","stop_reason":128009}]""")),
        Kind("keep-alives", "", "keep-alive", Hel, "ping", "null", "42", "{}", "[]", Lo, ": comment", Stop),
        Kind("keep-alives as objects", """{"type":"ping"}""", Hel, """{"message":"keep-alive"}""", Lo, Stop),
        Kind("usage without choices", Hel, Lo, """{"choices":[],"usage":{"total_tokens":500}}""", Stop),
        Kind("members that say no error", Hel.Replace("}]}", """}],"error":null,"code":0,"success":true}"""), Lo,
            Stop.Replace("}]}", """}],"error":{"code":0,"message":""},"status":200}""")),
        Kind("list of parts", """{"choices":[{"delta":{"content":[{"type":"text","text":"Hel"},"lo"]}}]}""", Stop),
        Kind("thoughts among the parts",
            """{"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm"}]}]}}]}""",
            Hel, Lo, Stop),
        Kind("thoughts beside the text", """{"choices":[{"delta":{"content":null,"reasoning_content":"Hm"}}]}""",
            Hel.Replace("delta\":{", "delta\":{\"reasoning\":\"Hm\","), Lo, Stop),
        Kind("part as an object", """{"choices":[{"delta":{"content":{"type":"text","text":{"value":"Hel"}}}}]}""",
            Lo, Stop),
        Kind("nulls", """{"choices":[null]}""", """{"choices":null}""", Hel, """{"choices":[{"delta":null}]}""", Lo,
            Stop),
        Kind("wrong kinds", """{"choices":"x"}""", """{"choices":7}""", """{"choices":[7,[],"x",true]}""", Hel,
            """{"choices":[{"delta":true,"finish_reason":[]}]}""", """{"choices":[{"delta":{"content":false}}]}""", Lo,
            Stop),
        Kind("choices as an object", """{"choices":{"delta":{"content":"Hel"}}}""", Lo, Stop),
        Kind("delta as a string", """{"choices":[{"delta":"Hel"}]}""", Lo, Stop),
        Kind("array around a chunk", $"[{Hel}]", Lo, Stop),
        Kind("whole answer at once",
            """{"choices":[{"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}]}"""),
        Kind("messages instead of deltas", Hel.Replace("delta", "message"), Lo.Replace("delta", "message"), Stop),
        Kind("text repeated in a message", Hel.Replace("}]", ""","message":{"content":"Hel"}}]"""),
            Lo.Replace("}]", ""","message":{"content":"Hello"}}]"""),
            """{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]}"""),
        Kind("text repeated beside the delta", Hel.Replace("}]", ""","text":"Hel"}]"""), Lo, Stop),
        Kind("text completion", """{"choices":[{"text":"Hello","finish_reason":"stop"}]}"""),
        Kind("refusal in words", """{"choices":[{"delta":{"content":null,"refusal":"Hello"}}]}""", Stop),
        Kind("filter that has failed",
            Hel.Replace("}]", ""","content_filter_results":{"error":{"code":"x","message":"Not filtered"}}}]"""), Lo,
            Stop),
        Kind("events without blank lines", $"{Hel}\n{Lo}\n{Stop}\n[DONE]"),
        Kind("JSON over several lines", Hel.Replace(",", ",\n"), Lo, Stop),
        Kind("prefix twice", $"data: {Hel}", Lo, Stop),
        Kind("JSON in a string", System.Text.Json.JsonSerializer.Serialize(Hel), Lo, Stop),
        Kind("byte order mark", $"\uFEFF{Hel}", Lo, Stop),
        Kind("trailing commas", Hel.Replace("}]}", "},],}"), Lo, Stop),
        Kind("Anthropic without event lines",
            """{"type":"message_start","message":{"content":[],"stop_reason":null}}""",
            """{"type":"content_block_start","content_block":{"type":"thinking","thinking":""}}""",
            """{"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"Hm"}}""",
            """{"type":"content_block_start","content_block":{"type":"text","text":""}}""", """{"type":"ping"}""",
            """{"type":"content_block_delta","delta":{"type":"text_delta","text":"Hello"}}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null}}"""),
        Kind("Anthropic with a stop sequence", """{"delta":{"text":"Hello"}}""",
            """{"type":"message_delta","delta":{"stop_reason":"stop_sequence","stop_sequence":"x"}}"""),
        Kind("tool that has failed", Hel,
            """{"type":"content_block_start","content_block":{"type":"tool_result_error","error":"x","text":"y"}}""",
            Lo, Stop),
    ];

    private static IEnumerable<TestCaseData> Errors =>
    [
        Kind("object", """{"error":{"message":"Boom","type":"server_error","code":null}}"""),
        Kind("string", """{"error":"Boom"}"""),
        Kind("numeric type", """{"error":{"message":"Boom","type":500,"code":502}}"""),
        Kind("nested message", """{"error":{"message":{"detail":"Boom"}}}"""),
        Kind("flag with a message", """{"error":true,"message":"Boom"}"""),
        Kind("list of errors", """{"errors":[{"code":1,"message":"Boom"}]}"""),
        Kind("array around it", """[{"error":{"code":429,"message":"Boom"}}]"""),
        Kind("JSON in a string", "\"{\\\"error\\\":\\\"Boom\\\"}\""),
        Kind("flat, by its object", """{"object":"error","message":"Boom","type":"BadRequest","code":400}"""),
        Kind("flat, by its type", """{"type":"overloaded_error","message":"Boom"}"""),
        Kind("flat, by its status", """{"status":"failed","message":"Boom"}"""),
        Kind("flat, by its code", """{"code":500,"message":"Boom"}"""),
        Kind("flat, by its code as a string", """{"statusCode":"503","msg":"Boom"}"""),
        Kind("flat, with prefixes", """{"error_code":17,"error_msg":"Boom"}"""),
        Kind("flat, by its flag", """{"success":false,"message":"Boom"}"""),
        Kind("problem", """{"title":"Boom","status":429}"""),
        Kind("Anthropic", """{"type":"error","error":{"type":"overloaded_error","message":"Boom"},"request_id":"r"}"""),
        Kind("extension", """{"id":"1","choices":[],"x_vendor":{"error":{"message":"Boom"}}}"""),
        Kind("base response", """{"choices":null,"base_resp":{"status_code":1004,"status_msg":"Boom"}}"""),
        Kind("beside the choices", """{"error":{"message":"Boom"},"choices":[{"finish_reason":"stop"}]}"""),
        Kind("in a choice", """{"choices":[{"error":{"code":502,"message":"Boom"},"finish_reason":"error"}]}"""),
        Kind("in a delta", """{"choices":[{"delta":{"error":"Boom"}}]}"""),
        Kind("of another provider",
            """{"error":{"code":502,"metadata":{"raw":"{\"error\":{\"message\":\"Boom\"}}"}}}"""),
    ];

    [TestCaseSource(nameof(WholeAnswers))]
    public void Read_ModelStops_IsWholeAnswer(string[] events)
    {
        ReadAnswer answer = ReadAnswer.Of(events);

        Assert.That(answer.Error, Is.Null);
        Assert.That(answer.IsWhole);
        Assert.That(answer.Text, Is.EqualTo("Hello"));
    }

    [TestCaseSource(nameof(Errors))]
    public void Read_Error_FailsWithItsMessageAfterTheText(string[] events)
    {
        ReadAnswer answer = ReadAnswer.Of([Hel, .. events]);

        Assert.That(answer.Error, Is.EqualTo("Boom"));
        Assert.That(answer.Text, Is.EqualTo("Hel"));
    }

    private static TestCaseData Kind(string name, params string[] events) =>
        new TestCaseData((object)events).SetArgDisplayNames(name);
}
