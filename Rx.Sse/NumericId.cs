using System.Buffers.Binary;

namespace Rx.Sse;

/// <summary>
/// Event IDs that are numbers of up to 14 digits, such as counters and Unix times, as a number that needs no memory of its own. Zero stands
/// for all others. Four bits a digit, the first one lowest, and the count of digits in the highest byte: leading zeros are kept.
/// </summary>
internal static class NumericId
{
    public const int MostDigits = 14;

    private const int BitsPerDigit = 4, CountShift = MostDigits * BitsPerDigit;
    private const ulong Zeros = 0x3030303030303030;

    public static ulong Pack(ReadOnlySpan<byte> id)
    {
        int length = id.Length;
        if (length is 0 or > MostDigits)
            return 0;

        // The very first byte lowest, with zeros beyond the end.
        ulong packed = (ulong)length << CountShift;
        if (length <= sizeof(ulong))
        {
            ulong all = length switch
            {
                sizeof(ulong) => BinaryPrimitives.ReadUInt64LittleEndian(id),
                >= sizeof(uint) => BinaryPrimitives.ReadUInt32LittleEndian(id)
                    | (ulong)BinaryPrimitives.ReadUInt32LittleEndian(id[(length - sizeof(uint))..]) << 8 * (length - sizeof(uint)) | Zeros << 8 * length,
                _ => id[0] | (ulong)id[length / 2] << 8 * (length / 2) | (ulong)id[length - 1] << 8 * (length - 1) | Zeros << 8 * length,
            };
            all ^= Zeros;
            return AreDigits(all) ? packed | Digits(all) : 0;
        }

        int missing = 8 * (2 * sizeof(ulong) - length);
        ulong first = BinaryPrimitives.ReadUInt64LittleEndian(id) ^ Zeros;
        ulong rest = (BinaryPrimitives.ReadUInt64LittleEndian(id[(length - sizeof(ulong))..]) ^ Zeros) >> missing;
        return AreDigits(first) && AreDigits(rest) ? packed | Digits(first) | Digits(rest) << 32 : 0;
    }

    public static string Unpack(ulong packed)
    {
        Span<char> text = stackalloc char[MostDigits];
        int length = (int)(packed >> CountShift);
        for (int i = 0; i < length; i++)
            text[i] = (char)('0' + (int)(packed >> i * BitsPerDigit & 0xF));
        return text[..length].ToString();
    }

    /// <summary>Whether all eight bytes are less than ten. A carry comes only out of one that is not.</summary>
    private static bool AreDigits(ulong values) => ((values + 0x7676767676767676 | values) & 0x8080808080808080) == 0;

    /// <summary>The low four bits of each of the eight bytes.</summary>
    private static ulong Digits(ulong values)
    {
        values = (values | values >> 4) & 0x00FF00FF00FF00FF;
        values = (values | values >> 8) & 0x0000FFFF0000FFFF;
        return (values | values >> 16) & 0x00000000FFFFFFFF;
    }
}
