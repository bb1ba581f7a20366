using System.Globalization;
using System.Text;

namespace Rx.Sse.Testing;

/// <summary>Provides assertions about the requests and connections of a <see cref="SseTestServer"/>.</summary>
/// <remarks>The style is that of <c>ReactiveAssert</c> in Microsoft.Reactive.Testing.</remarks>
public static class SseAssert
{
    /// <summary>Verifies that the server has received exactly the expected requests, in order.</summary>
    /// <remarks>See <see cref="SseTestRequest"/> for the properties that are compared.</remarks>
    /// <param name="actual">The requests, from <see cref="SseTestServer.Requests"/>.</param>
    /// <param name="expected">The expected requests.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="SseAssertException">The requests differ. The message has both lists.</exception>
    public static void AssertEqual(this IEnumerable<SseTestRequest> actual, params SseTestRequest[] expected) =>
        AssertSequence(actual, expected);

    /// <summary>Verifies that the server has had exactly the expected connections, in order.</summary>
    /// <param name="actual">The connections, from <see cref="SseTestServer.Connections"/>.</param>
    /// <param name="expected">The expected connections.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="SseAssertException">The connections differ. The message has both lists.</exception>
    public static void AssertEqual(this IEnumerable<SseTestConnection> actual, params SseTestConnection[] expected) =>
        AssertSequence(actual, expected);

    /// <inheritdoc cref="AssertEqual(IEnumerable{SseTestRequest}, SseTestRequest[])"/>
    public static void AssertEqual(this IEnumerable<SseTestRequest> actual, IEnumerable<SseTestRequest> expected) =>
        AssertSequence(actual, expected);

    /// <inheritdoc cref="AssertEqual(IEnumerable{SseTestConnection}, SseTestConnection[])"/>
    public static void AssertEqual(
        this IEnumerable<SseTestConnection> actual, IEnumerable<SseTestConnection> expected) =>
        AssertSequence(actual, expected);

    private static void AssertSequence<T>(IEnumerable<T> actual, IEnumerable<T> expected)
    {
        Throw.IfNull(actual);
        Throw.IfNull(expected);

        List<T> was = [.. actual], shouldBe = [.. expected];
        if (!was.SequenceEqual(shouldBe))
            throw new SseAssertException(Describe(was, shouldBe));
    }

    /// <summary>Returns both lists, one item per line, with a mark at the first difference.</summary>
    private static string Describe<T>(List<T> actual, List<T> expected)
    {
        int same = actual.Zip(expected, (one, other) => Equals(one, other)).TakeWhile(equal => equal).Count();
        var text = new StringBuilder();
        AppendList("Expected", expected);
        AppendList("But was", actual);
        return text.ToString();

        void AppendList(string title, List<T> items)
        {
            text.Append(title).Append(items.Count == 0 ? ": none" : ":").AppendLine();
            for (int i = 0; i < items.Count; i++)
                text.AppendFormat(CultureInfo.InvariantCulture, "{0} {1}. {2}", i == same ? ">" : " ", i + 1, items[i])
                    .AppendLine();
        }
    }
}
