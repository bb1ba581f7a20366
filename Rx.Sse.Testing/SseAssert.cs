using System.Globalization;
using System.Text;

namespace Rx.Sse.Testing;

/// <summary>
/// Assertions about what a <see cref="SseTestServer"/> has recorded, in the style of those about
/// <c>ITestableObservable.Subscriptions</c>.
/// </summary>
public static class SseAssert
{
    /// <summary>
    /// Asserts that these requests came, in this order, and no other; see <see cref="SseTestRequest"/> for what is
    /// compared.
    /// </summary>
    /// <exception cref="SseAssertException">They did not.</exception>
    public static void AssertEqual(this IEnumerable<SseTestRequest> actual, params SseTestRequest[] expected) =>
        AssertSequence(actual, expected);

    /// <summary>Asserts that there were these connections, in this order, and no other.</summary>
    /// <exception cref="SseAssertException">There were not.</exception>
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

    /// <summary>Both lists, one item a line, with a mark where they begin to differ.</summary>
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
