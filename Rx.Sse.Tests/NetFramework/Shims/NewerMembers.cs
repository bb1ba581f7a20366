using System.Buffers.Text;
using System.Net;

namespace Rx.Sse.Tests;

/// <summary>Members of newer frameworks that tests use and that the Polyfill package does not have.</summary>
internal static class NewerMembers
{
    extension(DecompressionMethods)
    {
        public static DecompressionMethods All => DecompressionMethods.GZip | DecompressionMethods.Deflate;
    }

    extension(HttpStatusCode)
    {
        public static HttpStatusCode EarlyHints => (HttpStatusCode)103;

        public static HttpStatusCode TooManyRequests => (HttpStatusCode)429;
    }

    extension(int)
    {
        public static int Parse(ReadOnlySpan<byte> utf8, IFormatProvider? provider) =>
            Utf8Parser.TryParse(utf8, out int value, out int length) && length == utf8.Length
                ? value
                : throw new FormatException();
    }

    extension(string text)
    {
        public string Replace(string oldValue, string newValue, StringComparison comparison) =>
            comparison == StringComparison.Ordinal
                ? text.Replace(oldValue, newValue)
                : throw new NotSupportedException();
    }

    extension(Task task)
    {
        public bool IsCompletedSuccessfully => task.Status == TaskStatus.RanToCompletion;

        public static Task Delay(TimeSpan delay, TimeProvider time) => TimeProviderTaskExtensions.Delay(time, delay);
    }

    extension(ValueTask)
    {
        public static ValueTask<T> FromException<T>(Exception exception) => new(Task.FromException<T>(exception));
    }

    extension(ThreadPool)
    {
        public static bool UnsafeQueueUserWorkItem<T>(Action<T> callback, T state, bool preferLocal) =>
            ThreadPool.UnsafeQueueUserWorkItem(_ => callback(state), null);
    }

    extension(ObjectDisposedException)
    {
        public static void ThrowIf(bool condition, object instance)
        {
            if (condition)
                throw new ObjectDisposedException(instance.GetType().FullName);
        }
    }
}
