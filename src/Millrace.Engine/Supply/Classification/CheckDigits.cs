namespace Millrace.Engine.Supply.Classification;

/// <summary>The check digits of numbers: each says whether a text of the right characters adds up.</summary>
internal static class CheckDigits
{
    /// <summary>GB 32100-2015: digits and letters without I, O, S, V, Z.</summary>
    private const string CreditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    private const string VinValues = "0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ";

    private static ReadOnlySpan<byte> VinWeights => [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

    /// <summary>ISO/IEC 7812-1 annex B, for cards and devices.</summary>
    public static bool Luhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[digits.Length - 1 - i] - '0';
            if (i % 2 == 1 && (digit *= 2) > 9) digit -= 9;
            sum += digit;
        }
        return sum % 10 == 0;
    }

    /// <summary>ISO 7064 MOD 11-2, of the 18 characters of a resident's number (GB 11643-1999).</summary>
    public static bool Mod11(ReadOnlySpan<char> text)
    {
        var sum = 0;
        foreach (var c in text) sum = ((sum * 2) + (c is 'X' or 'x' ? 10 : c - '0')) % 11;
        return sum == 1;
    }

    /// <summary>MOD 31 of the 18 characters of a unified social credit code (GB 32100-2015).</summary>
    public static bool Mod31(ReadOnlySpan<char> text)
    {
        var (sum, weight) = (0, 1);
        foreach (var c in text[..^1])
        {
            var value = CreditAlphabet.IndexOf(c, StringComparison.Ordinal);
            if (value < 0) return false;
            sum += value * weight;
            weight = weight * 3 % 31;
        }
        return CreditAlphabet.IndexOf(text[^1], StringComparison.Ordinal) == (31 - (sum % 31)) % 31;
    }

    /// <summary>ISO 7064 MOD 97-10 of an IBAN (ISO 13616), without blanks.</summary>
    public static bool Mod97(ReadOnlySpan<char> text)
    {
        var rest = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[(i + 4) % text.Length]; // Country and check digits stand last in the sum.
            rest = char.IsAsciiDigit(c)
                ? ((rest * 10) + c - '0') % 97
                : ((rest * 100) + c - 'A' + 10) % 97;
        }
        return rest == 1;
    }

    /// <summary>The ninth character of a vehicle's number (GB 16735, 49 CFR 565.15).</summary>
    public static bool Vin(ReadOnlySpan<char> text)
    {
        var sum = 0;
        for (var i = 0; i < 17; i++)
        {
            var value = VinValues.IndexOf(text[i], StringComparison.Ordinal);
            if (value < 0) return false;
            sum += value % 10 * VinWeights[i];
        }
        return text[8] == (sum % 11 == 10 ? 'X' : (char)('0' + (sum % 11)));
    }

    /// <summary>A Hong Kong identity card: one or two letters, six digits, a check character.</summary>
    public static bool HongKong(ReadOnlySpan<char> letters, ReadOnlySpan<char> digits, char check)
    {
        var sum = letters.Length == 2 ? (letters[0] - 'A' + 10) * 9 : 36 * 9; // A missing letter counts as a blank.
        sum += (letters[^1] - 'A' + 10) * 8;
        for (var i = 0; i < 6; i++) sum += (digits[i] - '0') * (7 - i);
        sum += check == 'A' ? 10 : check - '0';
        return sum % 11 == 0;
    }
}
