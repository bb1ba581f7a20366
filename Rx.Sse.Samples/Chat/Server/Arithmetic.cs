using System.Globalization;

namespace Rx.Sse.Samples.Chat.Server;

/// <summary>Plus, minus, times, divided by and parentheses, in decimal numbers: 0.1 + 0.2 is 0.3.</summary>
internal sealed class Arithmetic
{
    /// <summary>Each parenthesis or sign is a call inside another.</summary>
    private const int MaxDepth = 50;

    private readonly string _expression;
    private int _position;
    private int _depth;

    private Arithmetic(string expression) => _expression = expression;

    /// <summary>NUL at the end.</summary>
    private char Next
    {
        get
        {
            while (_position < _expression.Length && char.IsWhiteSpace(_expression[_position]))
                _position++;
            return _position < _expression.Length ? _expression[_position] : '\0';
        }
    }

    /// <exception cref="FormatException">It is no expression.</exception>
    /// <exception cref="DivideByZeroException">It divides by zero.</exception>
    /// <exception cref="OverflowException">It, or a part of it, is too large.</exception>
    public static decimal Evaluate(string expression)
    {
        var arithmetic = new Arithmetic(expression);
        decimal value = arithmetic.Sum();
        return arithmetic.Next == '\0' ? value : throw new FormatException();
    }

    private decimal Sum()
    {
        decimal value = Product();
        while (true)
        {
            if (Take('+'))
                value += Product();
            else if (Take('-'))
                value -= Product();
            else
                return value;
        }
    }

    private decimal Product()
    {
        decimal value = Factor();
        while (true)
        {
            if (Take('*') || Take('×'))
                value *= Factor();
            else if (Take('/') || Take('÷'))
                value /= Factor();
            else
                return value;
        }
    }

    private decimal Factor()
    {
        if (++_depth > MaxDepth)
            throw new FormatException();
        decimal value = Take('-') ? -Factor() : Take('(') ? InParentheses() : Number();
        _depth--;
        return value;
    }

    private decimal InParentheses()
    {
        decimal value = Sum();
        return Take(')') ? value : throw new FormatException();
    }

    private decimal Number()
    {
        // Skips the space before it.
        _ = Next;
        int start = _position;
        while (_position < _expression.Length
            && (char.IsAsciiDigit(_expression[_position]) || _expression[_position] == '.'))
            _position++;
        return decimal.Parse(
            _expression.AsSpan(start, _position - start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
    }

    private bool Take(char character)
    {
        if (Next != character)
            return false;
        _position++;
        return true;
    }
}
