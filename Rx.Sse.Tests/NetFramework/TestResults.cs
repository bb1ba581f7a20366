using System.Collections.Concurrent;
using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using NUnit.Framework.Interfaces;

namespace Rx.Sse.Tests.NetFramework;

/// <summary>
/// Prints the tests that do not pass, and writes a file like those of <c>dotnet test --logger trx</c>.
/// </summary>
internal sealed class TestResults : ITestListener
{
    private const string PassedOutcome = "Passed", FailedOutcome = "Failed", SkippedOutcome = "NotExecuted";

    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    private readonly ConcurrentQueue<XElement> _results = new();
    private readonly ConcurrentDictionary<string, bool> _running = new();

    public int Passed => Count(PassedOutcome);

    public int Failed => Count(FailedOutcome);

    /// <summary>The names of the tests that have started and not ended.</summary>
    public IEnumerable<string> Running => _running.Keys;

    public void TestStarted(ITest test)
    {
        if (!test.IsSuite)
            _running[test.FullName] = true;
    }

    public void TestFinished(ITestResult result)
    {
        // If a whole fixture fails, each of its tests has a result that says so.
        if (result.Test.IsSuite)
            return;
        _running.TryRemove(result.FullName, out _);
        string outcome = result.ResultState.Status switch
        {
            TestStatus.Passed => PassedOutcome,
            TestStatus.Failed => FailedOutcome,
            _ => SkippedOutcome,
        };
        var element = new XElement(
            Trx + "UnitTestResult",
            new XAttribute("testName", result.FullName),
            new XAttribute("outcome", outcome),
            new XAttribute(
                "duration", TimeSpan.FromSeconds(result.Duration).ToString("c", CultureInfo.InvariantCulture)));
        if (outcome != PassedOutcome)
        {
            Console.WriteLine($"{outcome}: {result.FullName}: {result.Message}\n{result.StackTrace}");
            element.Add(new XElement(
                Trx + "Output",
                new XElement(
                    Trx + "ErrorInfo",
                    new XElement(Trx + "Message", result.Message),
                    new XElement(Trx + "StackTrace", result.StackTrace))));
        }

        _results.Enqueue(element);
    }

    public void TestOutput(TestOutput output)
    {
    }

    public void SendMessage(TestMessage message)
    {
    }

    public void Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);

        // Messages may contain characters that are not allowed in XML.
        using var writer = XmlWriter.Create(path, new XmlWriterSettings { Indent = true, CheckCharacters = false });
        new XDocument(new XElement(
            Trx + "TestRun",
            new XElement(Trx + "Results", _results),
            new XElement(
                Trx + "ResultSummary",
                new XAttribute("outcome", Failed == 0 ? "Completed" : "Failed"),
                new XElement(
                    Trx + "Counters",
                    new XAttribute("total", _results.Count),
                    new XAttribute("executed", Passed + Failed),
                    new XAttribute("passed", Passed),
                    new XAttribute("failed", Failed))))).Save(writer);
    }

    private int Count(string outcome) => _results.Count(result => result.Attribute("outcome")!.Value == outcome);
}
