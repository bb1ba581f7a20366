using System.Runtime.InteropServices.JavaScript;

namespace Rx.Sse.Tests.Integration.WebAssembly;

/// <summary>
/// Aborts the fetch of the current attempt. .NET only cancels the reader of the body, and Firefox then keeps the
/// connection open until the next bytes arrive. The abort signal replaces .NET's own.
/// </summary>
internal sealed partial class FetchAbort : IDisposable
{
    private static readonly HttpRequestOptionsKey<IDictionary<string, object>> FetchOptions =
        new("WebAssemblyFetchOptions");

    private JSObject? _controller;

    /// <summary>Aborts the fetch of the earlier message, and makes this message the current one.</summary>
    public void Attach(HttpRequestMessage message)
    {
        Dispose();
        _controller = Construct(JSHost.GlobalThis.GetPropertyAsJSObject("AbortController")!, []);
        message.Options.Set(FetchOptions, new Dictionary<string, object>
        {
            ["signal"] = _controller.GetPropertyAsJSObject("signal")!,
        });
    }

    public void Dispose()
    {
        if (_controller is null)
            return;
        Abort(_controller);
        _controller.Dispose();
        _controller = null;
    }

    [JSImport("globalThis.Reflect.construct")]
    private static partial JSObject Construct(
        JSObject type,
        [JSMarshalAs<JSType.Array<JSType.Any>>] object[] arguments);

    [JSImport("globalThis.AbortController.prototype.abort.call")]
    private static partial void Abort(JSObject controller);
}
