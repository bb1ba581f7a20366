namespace Rx.Sse.Samples.Chat.Server;

/// <summary>How a provider writes what the server has to say.</summary>
internal interface IWireFormat
{
    string Path { get; }

    /// <summary>The events before the first piece of the answer.</summary>
    string Begin { get; }

    /// <summary>The events after the last piece.</summary>
    string End { get; }

    string Piece(string text);

    /// <summary>An error that comes up in the midst of an answer.</summary>
    string ErrorEvent(string type, string message);

    /// <summary>The body of a response that is no stream.</summary>
    string ErrorBody(string type, string message);
}
