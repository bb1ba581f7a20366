using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Rx.Sse;

/// <summary>Checks of arguments that netstandard2.0 lacks.</summary>
internal static class Throw
{
    public static T IfNull<T>([NotNull] T? value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value ?? throw new ArgumentNullException(name);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void IfNegative(TimeSpan? argument, [CallerArgumentExpression(nameof(argument))] string? name = null)
    {
        if (argument < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(name, argument, "It must not be negative.");
    }
}
