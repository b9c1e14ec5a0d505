using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;

namespace Millrace.Engine.Supply.Classification;

/// <summary>Forms of Chinese numbers, plates, names and addresses.</summary>
internal static class ChineseForms
{
    /// <summary>The first two digits of the codes of GB/T 2260: provinces, regions, cities of that rank.</summary>
    private static readonly HashSet<int> _provinces =
    [
        11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62,
        63, 64, 65, 71, 81, 82, 83,
    ];

    /// <summary>
    /// Who registers which kind of organisation, by two digits: those that are common. With all that there are, one in
    /// four hundred serial numbers would be a code.
    /// </summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _registers = FrozenSet.Create(
        StringComparer.Ordinal, "11", "12", "13", "19", "31", "51", "52", "53", "81", "91", "92", "93")
        .GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<char> _plateProvinces = SearchValues.Create(
        "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼");

    private static readonly SearchValues<char> _surnames = SearchValues.Create(
        "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
        + "廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申"
        + "欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷曲盛冉翁蓝骆路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪"
        + "简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝");

    private static readonly string[] _doubleSurnames = ["欧阳", "上官", "皇甫", "令狐", "诸葛", "司徒", "司马", "夏侯"];

    private static readonly SearchValues<char> _districts = SearchValues.Create("市区县州盟旗镇乡");
    private static readonly SearchValues<char> _places = SearchValues.Create("省市区县旗盟镇乡村屯路街巷道");
    private static readonly SearchValues<char> _doors = SearchValues.Create("号弄栋幢座室楼层组");
    private static readonly string[] _streets = ["路", "街", "巷", "弄", "大道", "胡同", "村", "屯"];
    private static readonly SearchValues<char> _clauses = SearchValues.Create("。；;？！?!\n");
    private const int LongestPlace = 40;
    private static readonly SearchValues<char> _numbers = SearchValues.Create("0123456789一二三四五六七八九十百");

    /// <summary>Of sentences, in which numbers and streets stand too.</summary>
    private static readonly SearchValues<string> _ofSentences = SearchValues.Create(
        ["。", "；", "？", "！", "的", "了", "关于", "通知", "公告"], StringComparison.Ordinal);

    /// <summary>GB 11643-1999: area, a date of birth that can be, MOD 11-2.</summary>
    public static bool IsResidentId(ReadOnlySpan<char> text) => IsGrouped(text, 6, 8, 4)
        ? IsResidentId(string.Concat(text[..6], text.Slice(7, 8), text[16..]))
        : text.Length == 18 && IsDigits(text[..17]) && (char.IsAsciiDigit(text[17]) || text[17] is 'X' or 'x')
        && IsArea(text) && IsBirthDate(text.Slice(6, 8)) && CheckDigits.Mod11(text);

    /// <summary>GB 32100-2015: an organisation, and no person.</summary>
    public static bool IsCreditCode(ReadOnlySpan<char> text) =>
        text.Length == 18 && (_registers.Contains(text[..2]) || text[0] is 'A' or 'N' or 'Y')
        && IsDigits(text.Slice(2, 6))
        && (IsArea(text[2..]) || text[2..].StartsWith("10", StringComparison.Ordinal)) // Those of the whole country.
        && CheckDigits.Mod31(text);

    /// <summary>Eleven digits of a mobile number, with or without the country's code.</summary>
    public static bool IsMobile(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("+86", StringComparison.Ordinal)) text = text[3..].TrimStart("- ");
        else if (text.StartsWith("0086", StringComparison.Ordinal)) text = text[4..].TrimStart("- ");
        else if (text.Length > 11 && text.StartsWith("86", StringComparison.Ordinal)) text = text[2..].TrimStart("- ");
        if (IsGrouped(text, 3, 4, 4)) text = string.Concat(text[..3], text.Slice(4, 4), text[9..]);
        return text.Length == 11 && text[0] == '1' && text[1] is >= '3' and <= '9' && IsDigits(text);
    }

    /// <summary>Eleven digits, whichever they are.</summary>
    public static bool IsLikeMobile(ReadOnlySpan<char> text) => text.Length == 11
        ? IsDigits(text)
        : IsGrouped(text, 3, 4, 4) && IsDigits(text[..3]) && IsDigits(text.Slice(4, 4)) && IsDigits(text[9..]);

    /// <summary>Three groups of so many characters, with blanks or hyphens between.</summary>
    private static bool IsGrouped(ReadOnlySpan<char> text, int first, int second, int third) =>
        text.Length == first + second + third + 2 && text[first] is ' ' or '-'
        && text[first + 1 + second] == text[first];

    /// <summary>A number with its area: <c>010-12345678</c>, <c>(010) 1234 5678</c>.</summary>
    public static bool IsLandline(ReadOnlySpan<char> text) =>
        IsLikeLandline(text) && text[char.IsAsciiDigit(text[0]) ? 0 : 1] == '0';

    /// <summary>A group of three or four digits, as an area has, and a number of seven or eight.</summary>
    public static bool IsLikeLandline(ReadOnlySpan<char> text)
    {
        var isBracketed = text.Length > 0 && text[0] is '(' or '（';
        if (isBracketed) text = text[1..];
        var end = isBracketed ? text.IndexOfAny(')', '）') : text.IndexOfAny('-', ' ');
        if (end is not (3 or 4) || !IsDigits(text[..end])) return false;
        var number = text[(end + 1)..].TrimStart("- ");
        if (number.Length is 8 or 9 && number[^5] is ' ' or '-') number = string.Concat(number[..^5], number[^4..]);
        return number.Length is 7 or 8 && IsDigits(number);
    }

    /// <summary>Six digits whose first two are those of a postal region.</summary>
    public static bool IsPostcode(ReadOnlySpan<char> text) =>
        text.Length == 6 && IsDigits(text) && text[0] != '9';

    public static bool IsPassport(ReadOnlySpan<char> text) =>
        text.Length == 9 && "EGDSPHK".Contains(text[0], StringComparison.Ordinal) && IsDigits(text[2..])
        && (char.IsAsciiDigit(text[1]) || (text[0] == 'E' && char.IsAsciiLetterUpper(text[1])));

    /// <summary>Of those who pass between Hong Kong or Macao and the mainland.</summary>
    public static bool IsPermit(ReadOnlySpan<char> text) =>
        text.Length is 9 or 11 && text[0] is 'H' or 'M' or 'C' or 'W' && IsDigits(text[1..]);

    /// <summary>GA 36-2018: the province, a letter, five characters, or six for new energy.</summary>
    public static bool IsPlate(ReadOnlySpan<char> text)
    {
        if (text.Length > 2 && text[2] is '·' or ' ' or '-')
            text = string.Concat(text[..2], text[3..]);
        if (text.Length is not (7 or 8) || !_plateProvinces.Contains(text[0]) || !char.IsAsciiLetterUpper(text[1]))
            return false;
        var digits = 0;
        for (var i = 2; i < text.Length; i++)
        {
            var isLast = i == text.Length - 1;
            if (char.IsAsciiDigit(text[i])) digits++;
            else if (!char.IsAsciiLetterUpper(text[i]) && !(isLast && text[i] is '学' or '警' or '挂' or '领'))
                return false;
        }
        return digits >= 2;
    }

    public static bool IsMilitaryId(ReadOnlySpan<char> text)
    {
        var at = text.IndexOf("字第", StringComparison.Ordinal);
        if (at is < 1 or > 3) return false;
        var number = text[(at + 2)..].TrimEnd('号');
        return number.Length is >= 6 and <= 8 && IsDigits(number);
    }

    /// <summary>A surname of the commonest four hundred, and one or two characters in which no place ends.</summary>
    public static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.Length is < 2 or > 4 || _places.Contains(text[^1])) return false;
        foreach (var c in text)
        {
            if (!IsHan(c)) return false;
        }
        foreach (var surname in _doubleSurnames)
        {
            if (text.StartsWith(surname, StringComparison.Ordinal)) return text.Length > 2;
        }
        return text.Length <= 3 && _surnames.Contains(text[0]);
    }

    /// <summary>
    /// Where somebody can be found: a place of the <see cref="Gazetteer"/>, and a street, village or door in it; or
    /// where no such place is named, what is called a district, and a number at a door.
    /// </summary>
    public static bool IsAddress(ReadOnlySpan<char> text)
    {
        if (text.Length is < 6 or > 120) return false;
        if (text.StartsWith("中国", StringComparison.Ordinal)) text = text[2..];
        if (!IsHan(text[0])) return false; // Nearly all cells: the names are looked up for the others.
        var (names, begin) = Gazetteer.At(text);
        var district = text.IndexOfAny(_districts);
        if ((names == 0 && district < 1) || text.ContainsAny(_ofSentences)) return false;
        var within = text[(names > 0 ? begin : district + 1)..];
        return HasDoor(within) || (names > 0 && EndsInStreet(within));
    }

    /// <summary>A street or the like, and a number of what is there: <c>文三路90号</c>, <c>八家村三组</c>.</summary>
    private static bool HasDoor(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !IsHan(text[0])) return false;
        for (var i = 1; i < text.Length; i++)
        {
            if (!_numbers.Contains(text[i])) continue;
            var isOther = text[i - 1] is '第' or '月'; // The third notice, the 20th of May.
            while (i < text.Length && (_numbers.Contains(text[i]) || text[i] is '-' or '之')) i++;
            var rest = text[i..];
            if (rest.IsEmpty) return false;
            if (isOther) continue;
            if (rest.StartsWith("单元", StringComparison.Ordinal)) return true;
            if (_doors.Contains(rest[0]) && !rest.StartsWith("号线", StringComparison.Ordinal)) return true;
        }
        return false;
    }

    /// <summary>
    /// Whether a longer text names a place of the gazetteer, a street in it and, right behind that, a door.
    /// </summary>
    public static bool HoldsAddress(ReadOnlySpan<char> text)
    {
        for (var end = 0; text[end..].IndexOfAnyInRange('0', '9') is >= 0 and var found;)
        {
            var begin = end + found;
            for (end = begin; end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '-');) end++;
            if (end == text.Length || !_doors.Contains(text[end]) || begin == 0 || !IsHan(text[begin - 1])) continue;
            if (text[(end + 1)..].StartsWith("线", StringComparison.Ordinal)) continue; // Of an underground.
            var before = text[Math.Max(0, begin - LongestPlace)..begin];
            before = before[(before.LastIndexOfAny(_clauses) + 1)..];
            if (EndsInStreet(before[Math.Max(0, before.Length - 3)..]) && HoldsPlace(before)) return true;
        }
        return false;
    }

    /// <summary>Whether a place is named, and something in it behind.</summary>
    private static bool HoldsPlace(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsHan(text[i])) continue;
            var (names, length) = Gazetteer.At(text[i..]);
            if (names > 0 && length < text.Length - i && !text[(i + length)..].ContainsAny(_ofSentences)) return true;
        }
        return false;
    }

    private static bool EndsInStreet(ReadOnlySpan<char> text)
    {
        if (text.Length is < 3 or > 20 || !IsHan(text[0])) return false;
        foreach (var street in _streets)
        {
            if (text.EndsWith(street, StringComparison.Ordinal)) return true;
        }
        return false;
    }

    public static bool IsHan(char c) => c is >= '一' and <= '鿿';

    public static bool IsDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    private static bool IsArea(ReadOnlySpan<char> digits) =>
        _provinces.Contains(((digits[0] - '0') * 10) + digits[1] - '0')
        && ((digits[2] - '0') * 10) + digits[3] - '0' is <= 70 or 90;

    private static bool IsBirthDate(ReadOnlySpan<char> digits) =>
        DateOnly.TryParseExact(digits, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        && date.Year is >= 1900 and <= 2100;
}
