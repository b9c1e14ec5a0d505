using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Millrace.Engine.Supply.Classification;

/// <summary>Forms that are the same in all countries, or belong to one of the others.</summary>
internal static class WorldForms
{
    private static readonly SearchValues<char> _mailLocal = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&'*+/=?^_`{|}~-");

    private static readonly SearchValues<char> _host = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");

    /// <summary>The lengths of IBANs by country, from the register of ISO 13616.</summary>
    private static readonly Dictionary<string, int> _ibans = new()
    {
        ["AD"] = 24, ["AE"] = 23, ["AL"] = 28, ["AT"] = 20, ["AZ"] = 28, ["BA"] = 20, ["BE"] = 16, ["BG"] = 22,
        ["BH"] = 22, ["BR"] = 29, ["BY"] = 28, ["CH"] = 21, ["CR"] = 22, ["CY"] = 28, ["CZ"] = 24, ["DE"] = 22,
        ["DK"] = 18, ["DO"] = 28, ["EE"] = 20, ["EG"] = 29, ["ES"] = 24, ["FI"] = 18, ["FO"] = 18, ["FR"] = 27,
        ["GB"] = 22, ["GE"] = 22, ["GI"] = 23, ["GL"] = 18, ["GR"] = 27, ["GT"] = 28, ["HR"] = 21, ["HU"] = 28,
        ["IE"] = 22, ["IL"] = 23, ["IQ"] = 23, ["IS"] = 26, ["IT"] = 27, ["JO"] = 30, ["KW"] = 30, ["KZ"] = 20,
        ["LB"] = 28, ["LI"] = 21, ["LT"] = 20, ["LU"] = 20, ["LV"] = 21, ["MC"] = 27, ["MD"] = 24, ["ME"] = 22,
        ["MK"] = 19, ["MR"] = 27, ["MT"] = 31, ["MU"] = 30, ["NL"] = 18, ["NO"] = 15, ["PK"] = 24, ["PL"] = 28,
        ["PS"] = 29, ["PT"] = 25, ["QA"] = 29, ["RO"] = 24, ["RS"] = 22, ["SA"] = 24, ["SE"] = 24, ["SI"] = 19,
        ["SK"] = 24, ["SM"] = 27, ["TN"] = 24, ["TR"] = 26, ["UA"] = 29, ["VA"] = 22, ["VG"] = 24, ["XK"] = 20,
    };

    private static readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ibanLengths =
        _ibans.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>RFC 5321's dot-string at a host with a top-level domain of letters.</summary>
    public static bool IsEmail(ReadOnlySpan<char> text)
    {
        var at = text.IndexOf('@');
        if (at is < 1 or > 64 || text.Length > 254 || text[..at].ContainsAnyExcept(_mailLocal)) return false;
        if (text[0] == '.' || text[at - 1] == '.' || text[..at].Contains("..", StringComparison.Ordinal)) return false;
        var host = text[(at + 1)..];
        var dot = host.LastIndexOf('.');
        return dot > 0 && host.Length - dot > 2 && !host.ContainsAnyExcept(_host) && host[0] is not ('.' or '-')
            && !host.Contains("..", StringComparison.Ordinal) && char.IsAsciiLetter(host[dot + 1]);
    }

    /// <summary>A card: ISO/IEC 7812 with the numbers of an issuing scheme, and the check digit.</summary>
    public static bool IsCard(ReadOnlySpan<char> text)
    {
        Span<char> digits = stackalloc char[19];
        if (!TryDigits(text, digits, out var length) || length < 14) return false;
        var card = digits[..length];
        var (two, four) = (Number(card[..2]), Number(card[..4]));
        var isScheme = length switch
        {
            14 => two is 36 or 38,
            15 => two is 34 or 37,
            16 => card[0] == '4' || two is >= 51 and <= 55 or 62 or 35 || four is >= 2221 and <= 2720,
            17 or 18 or 19 => two == 62,
            _ => false,
        };
        return isScheme && CheckDigits.Luhn(card);
    }

    /// <summary>As many digits as a card has, whichever they are.</summary>
    public static bool IsLikeCard(ReadOnlySpan<char> text)
    {
        Span<char> digits = stackalloc char[19];
        return TryDigits(text, digits, out var length) && length >= 14;
    }

    public static bool IsIban(ReadOnlySpan<char> text)
    {
        Span<char> packed = stackalloc char[34];
        var length = 0;
        foreach (var c in text)
        {
            if (c == ' ') continue;
            if (length == packed.Length || !(char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c))) return false;
            packed[length++] = c;
        }
        return length > 4 && _ibanLengths.TryGetValue(packed[..2], out var expected) && expected == length
            && char.IsAsciiDigit(packed[2]) && char.IsAsciiDigit(packed[3]) && CheckDigits.Mod97(packed[..length]);
    }

    /// <summary>ISO 9362.</summary>
    public static bool IsBic(ReadOnlySpan<char> text) =>
        text.Length is 8 or 11 && !text[..6].ContainsAnyExceptInRange('A', 'Z') && IsUpperOrDigits(text[6..]);

    public static bool IsImei(ReadOnlySpan<char> text) =>
        text.Length == 15 && ChineseForms.IsDigits(text)
        && Number(text[..2]) is 1 or 10 or 35 or 44 or 45 or 49 or 50 or 51 or 52 or 53 or 54 or 86 or 91 or 98 or 99
        && CheckDigits.Luhn(text);

    /// <summary>The number on a SIM card (ITU-T E.118).</summary>
    public static bool IsSim(ReadOnlySpan<char> text) =>
        text.Length is 19 or 20 && text.StartsWith("89", StringComparison.Ordinal) && ChineseForms.IsDigits(text)
        && CheckDigits.Luhn(text[..^(text.Length - 19)]);

    /// <summary>ISO 3779, with the check digit of North America and China; both letters and digits.</summary>
    public static bool IsVin(ReadOnlySpan<char> text) =>
        text.Length == 17 && IsUpperOrDigits(text) && text.ContainsAnyInRange('A', 'Z')
        && ChineseForms.IsDigits(text[13..]) && CheckDigits.Vin(text);

    public static bool IsIpv4(ReadOnlySpan<char> text) =>
        text.Length is >= 7 and <= 15 && text.Count('.') == 3 && char.IsAsciiDigit(text[0])
        && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork;

    public static bool IsIpv6(ReadOnlySpan<char> text) =>
        text.Length is >= 6 and <= 39 && text.Count(':') >= 3 && IPAddress.TryParse(text, out var address)
        && address.AddressFamily == AddressFamily.InterNetworkV6;

    public static bool IsMac(ReadOnlySpan<char> text)
    {
        if (text.Length != 17) return false;
        for (var i = 0; i < 17; i++)
        {
            if (i % 3 == 2 ? text[i] != text[2] || text[i] is not (':' or '-') : !char.IsAsciiHexDigit(text[i]))
                return false;
        }
        return true;
    }

    /// <summary>ITU-T E.164 with its plus sign.</summary>
    public static bool IsPhone(ReadOnlySpan<char> text)
    {
        Span<char> digits = stackalloc char[15];
        return text.Length > 8 && text[0] == '+' && text[1] is >= '1' and <= '9'
            && TryDigits(text[1..], digits, out var length) && length >= 8;
    }

    /// <summary>Social Security number of the USA, in its written form, without those never given out.</summary>
    public static bool IsSsn(ReadOnlySpan<char> text) =>
        text.Length == 11 && text[3] == '-' && text[6] == '-' && ChineseForms.IsDigits(text[..3])
        && ChineseForms.IsDigits(text.Slice(4, 2)) && ChineseForms.IsDigits(text[7..])
        && Number(text[..3]) is > 0 and < 900 and not 666 && Number(text.Slice(4, 2)) > 0 && Number(text[7..]) > 0;

    public static bool IsHongKongId(ReadOnlySpan<char> text)
    {
        var letters = text.IndexOfAnyExceptInRange('A', 'Z');
        return letters is 1 or 2 && text.Length == letters + 9 && ChineseForms.IsDigits(text.Slice(letters, 6))
            && text[letters + 6] == '(' && text[^1] == ')' && (char.IsAsciiDigit(text[^2]) || text[^2] == 'A')
            && CheckDigits.HongKong(text[..letters], text.Slice(letters, 6), text[^2]);
    }

    /// <summary>A code of ICD-10: a letter, two digits, and perhaps a point and more.</summary>
    public static bool IsDiagnosis(ReadOnlySpan<char> text) =>
        text.Length is >= 3 and <= 8 && char.IsAsciiLetterUpper(text[0]) && ChineseForms.IsDigits(text.Slice(1, 2))
        && (text.Length == 3 || (text[3] == '.' && text.Length > 4 && IsUpperOrDigits(text[4..])));

    private static bool IsUpperOrDigits(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c) && !char.IsAsciiLetterUpper(c)) return false;
        }
        return true;
    }

    /// <summary>The digits of a number that is written in groups.</summary>
    private static bool TryDigits(ReadOnlySpan<char> text, Span<char> digits, out int length)
    {
        length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is ' ' or '-' && i > 0 && i < text.Length - 1 && char.IsAsciiDigit(text[i - 1])) continue;
            if (!char.IsAsciiDigit(c) || length == digits.Length) return false;
            digits[length++] = c;
        }
        return true;
    }

    private static int Number(ReadOnlySpan<char> digits)
    {
        var number = 0;
        foreach (var c in digits) number = (number * 10) + c - '0';
        return number;
    }
}
