namespace Rx.Sse;

/// <summary>Represents the failure of an event stream, and is the base class of all kinds of failures.</summary>
/// <remarks>
/// <c>OnError</c> always gets this type, except for an exception of a selector or of the source of <c>ParseSse</c>,
/// which is delivered unchanged. The exception of the network, a handler or a policy is the
/// <see cref="Exception.InnerException"/>.
/// </remarks>
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

    /// <summary>Gets the address of the server; <see langword="null"/> if it is not known.</summary>
    /// <remarks>
    /// Query, fragment and user info are removed, because they may contain secrets, also from a value that is set. For
    /// a response or a connection that was open, it is the address that answered, after redirects; otherwise, it is the
    /// address of the request. The <see cref="Message"/> contains it.
    /// </remarks>
    public Uri? Address
    {
        get => _address;
        init => _address = WithoutSecrets(value);
    }

    /// <summary>Gets a description of the failure, with the <see cref="Address"/> if it is known.</summary>
    public override string Message
    {
        get
        {
            // Messages about a connection already contain the address.
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
