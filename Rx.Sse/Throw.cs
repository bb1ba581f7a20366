using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Rx.Sse;

/// <summary>Checks of arguments that netstandard2.0 lacks.</summary>
internal static class Throw
{
    public static T IfNull<T>([NotNull] T? value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value ?? throw new ArgumentNullException(name);
}
