using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using NUnit.Framework.Api;
using NUnit.Framework.Internal;
using Rx.Sse.Tests.NetFramework;

// Rx.Sse.Tests.NetFramework.csproj says how to run this program. The first argument is the file for the results. Each
// further argument is a regular expression for the full names of the tests to run.
const int HangMinutes = 10;

List<string> leftOut = ["NotNetStandard", "NotNetFramework"];
if (Type.GetType("Mono.Runtime") is not null)
    leftOut.Add("NotMono");
var named = new XElement("or", args.Skip(1).Select(name => new XElement("test", new XAttribute("re", 1), name)));
var runnable = new XElement("and", leftOut.Select(category => new XElement("not", new XElement("cat", category))));
TestFilter filter = FilterOf(args.Length > 1 ? new XElement("and", named, runnable) : runnable);

Console.WriteLine(RuntimeInformation.FrameworkDescription);
var stopwatch = Stopwatch.StartNew();
var runner = new NUnitTestAssemblyRunner(new DefaultTestAssemblyBuilder());
runner.Load(typeof(Program).Assembly, new Dictionary<string, object>());
int chosen = runner.CountTestCases(filter);
int notRunnable = runner.CountTestCases(TestFilter.Empty) - runner.CountTestCases(FilterOf(runnable));
var results = new TestResults();
runner.RunAsync(results, filter);
if (!runner.WaitForCompletion(HangMinutes * 60_000))
    Console.WriteLine($"After {HangMinutes} minutes, still running: {string.Join(", ", results.Running)}");
if (args.Length > 0)
    results.Save(args[0]);
Console.WriteLine(
    $"{results.Passed} of {chosen} tests passed, {results.Failed} failed, in {stopwatch.Elapsed.TotalSeconds:0} s. "
    + $"{notRunnable} others are left out by {string.Join(", ", leftOut)}.");

// Do not return: a test that hangs may have left a foreground thread, which would keep the process alive.
Environment.Exit(chosen > 0 && results.Passed == chosen ? 0 : 1);

static TestFilter FilterOf(XElement condition) => TestFilter.FromXml(new XElement("filter", condition).ToString());
