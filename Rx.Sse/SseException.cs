namespace Rx.Sse;

/// <summary>
/// The exception that an event stream fails with. The error of an observer is always of this type, except for an
/// exception of a selector or of the source of <c>ParseSse</c>, which is delivered unchanged. The exception of the
/// network, of a handler or of a policy is the <see cref="Exception.InnerException"/>.
/// </summary>
public class SseException : Exception
{
    private Uri? _address;

    /// <summary>Initializes a new instance with a message and, optionally, the exception that caused it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause; <see langword="null"/> for none.</param>
    public SseException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// Gets the address of the server, without query, fragment and user info, which may have secrets;
    /// <see langword="null"/> if it is not known. For a response or a connection that was open, it is the one that
    /// answered, after redirects; for a connection that could not be opened, the one that was requested.
    /// </summary>
    /// <remarks>A value that is set is reduced in the same way. The <see cref="Message"/> contains it.</remarks>
    public Uri? Address
    {
        get => _address;
        init => _address = WithoutSecrets(value);
    }

    /// <summary>Gets what has happened, and the <see cref="Address"/> if it is known.</summary>
    public override string Message
    {
        get
        {
            // Where a connection is the subject, the sentence itself has the address.
            string message = base.Message;
            return Address is { } address && !message.Contains(address.AbsoluteUri)
                ? $"{message} ({address.AbsoluteUri})"
                : message;
        }
    }

    /// <summary>Returns a number with its unit, such as "1 byte" and "2 bytes".</summary>
    internal static string Count(long count, string unit) =>
        FormattableString.Invariant($"{count} {unit}{(count == 1 ? "" : "s")}");

    /// <summary>Sets the address, unless it is known already.</summary>
    internal SseException At(Uri? address)
    {
        _address ??= WithoutSecrets(address);
        return this;
    }

    /// <summary>
    /// Returns the address without query, fragment and user info; null for none and for a relative one.
    /// </summary>
    internal static Uri? WithoutSecrets(Uri? address)
    {
        const UriComponents Shown = UriComponents.SchemeAndServer | UriComponents.Path;
        return address is { IsAbsoluteUri: true }
            && Uri.TryCreate(address.GetComponents(Shown, UriFormat.UriEscaped), UriKind.Absolute, out Uri? shown)
            ? shown
            : null;
    }
}
