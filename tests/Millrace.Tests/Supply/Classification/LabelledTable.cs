using System.Globalization;
using System.Numerics;
using System.Text;

namespace Millrace.Tests.Supply.Classification;

/// <summary>
/// A made-up table whose columns are known: some hold sensitive values, some hold values that look like them. Check
/// digits are computed from the standards' own tables of weights, in another way than the program does.
/// </summary>
internal sealed class LabelledTable
{
    private readonly Random _random;
    private readonly int _rows;

    public LabelledTable(int seed, int rows)
    {
        (_random, _rows) = (new Random(seed), rows);
        Columns =
        [
            // By their form alone.
            New("c1", "cn-resident-id", ResidentId), New("c2", "cn-credit-code", CreditCode), New("c3", "email", Email),
            New("c4", "iban", Iban), New("c5", "card-number", Card), New("c6", "cn-mobile", Mobile),
            New("c7", "cn-plate", Plate), New("c8", "vin", Vin), New("c9", "imei", Imei),
            New("c10", "mac-address", Mac),
            New("c11", "ipv4", Ip), New("c12", "us-ssn", Ssn), New("c13", "cn-address", Address),
            New("c14", "cn-name", PersonName), New("c15", "phone", () => $"+49 30 {Digits(7)}"),
            New("c16", "cn-landline", () => $"0{Pick("10", "21", "755", "571")}-{Digits(8)}"),
            // One in a hundred of them in longer texts.
            New("remark1", "email", () => Rarely(() => $"asked {Email()} again", "nothing to say")),
            New("remark2", "cn-resident-id", () => Rarely(() => $"证件{ResidentId()}，已核对", "无")),
            New("remark3", "iban", () => Rarely(() => $"pay to {Iban()} now", "paid")),
            // In longer texts of many rows, as people write them.
            New("remark4", "cn-mobile", () => $"联系 {PersonName()} {Mobile()}"),
            New("remark5", "card-number", () => Often(() => $"刷卡{Card()}成功", $"单号{Digits(16)}已付")),
            New("remark6", "cn-landline", () => Often(() => $"座机 0{Pick("10", "21")}-{Digits(8)} 下午打", "没有人接电话")),
            New("remark7", "cn-address", () => Often(() => $"送到{Address()}门口，放下就走", "自己来取，20号以前")),
            New("remark8", "phone", () => Often(() => $"rings at +49 30 {Digits(7)}", "never rings")),
            New("remark9", "cn-mobile", () =>
                Often(() => $"tel 138 {Digits(4)} {Digits(4)} at night", "2001-01-22 12:30")),
            New("remark10", "card-number", () => Rarely(() => $"paid by {InFours(Card())} ok", "paid in coins")),
            // With the name of the column.
            New("iccid", "sim", () => Checked("8986", 19)), New("hkid", "hk-id", HongKongId),
            New("军官证", "cn-military-id", () => $"{Pick("军", "空", "海")}字第{Digits(7)}号"),
            New("通行证", "cn-permit", () => Pick("H", "M") + Digits(8)),
            New("street", "address", () => Pick("Main St. 4", "High Street 7", "Mill Lane 12")),
            New("fax", "contact", () => Pick("ext. 12", "ext. 34", "none")),
            New("mrn", "health", () => $"P{Digits(5)}"), New("病案号", "health", () => $"Z{Digits(6)}"),
            New("religion", "special", () => Pick("none", "catholic", "buddhist")),
            New("政治面貌", "special", () => Pick("群众", "团员", "党员")),
            New("user_password", "credential", () => Letters(9)), New("微信号", "contact", () => Letters(8)),
            New("ipv6", "ipv6", () => $"2001:db8:{_random.Next(1, 9999):x}::{_random.Next(1, 9999):x}"),
            New("passport_no", "cn-passport", () => Pick("E", "G") + Digits(8)),
            New("邮编", "cn-postcode", () => _random.Next(100000, 860000).ToString(CultureInfo.InvariantCulture)),
            New("swift", "bic", () => $"{Letters(4)}{Pick("CN", "DE", "FR")}{Letters(2)}"),
            New("icd10", "diagnosis", () => $"{Letters(1)}{Digits(2)}.{Digits(1)}"),
            New("姓名", "cn-name", PersonName), New("last_name", "person-name", () => Pick("Smith", "Miller", "Jones")),
            New("birthDate", "birth-date", Date), New("gender", "sex", () => Pick("m", "f")),
            New("latitude", "coordinates", () => Fraction(-90, 90)),
            New("手机", "cn-mobile", () => _random.Next(4) == 0 ? "" : Mobile()),
            // What only looks so.
            New("serial18", null, () => Digits(18)), New("serial16", null, () => Digits(16)),
            New("serial15", null, () => Digits(15)), New("serial11", null, () => Digits(11)),
            New("serial17", null, () => Code(17)), New("epoch", null, () => $"17{Digits(8)}"),
            New("region", null, () => $"{_random.Next(11, 66)}{Digits(10)}"), New("six", null, () => Digits(6)),
            New("version", null, () => $"{_random.Next(9)}.{_random.Next(20)}.{_random.Next(9)}"),
            New("word", null, () => Pick("HOSPITAL", "SCHOOLED", "FACTORIES")), New("uuid", null, Uuid),
            New("place", null, () => Pick("中关村", "望京", "高新区", "东门", "西单", "公主坟", "五道口", "三里屯")),
            New("kind", null, () => Pick("不锈钢", "铝合金", "塑料", "玻璃")), New("day", null, Date),
            New("flatness", null, () => Fraction(-1, 1)), New("isbn", null, () => $"978{Digits(10)}"),
            New("comment", null, () => Pick("see 2001-01-22 12:30:45", "at 10:30 @ gate 4", "约 300 米，编号 20010122")),
            New("order", null, () => $"order {Digits(11)} was sent"), New("parcel", null, () => $"包裹 {Digits(16)} 已发"),
            New("meeting", null, () => Pick("北京地铁3号线晚点", "上海客户5月20号到场", "杭州路演12号开始了", "第3号通知已经发出")),
            New("years", null, () => $"compare {Year()} {Year()} {Year()} {Year()}"),
            New("wkt", null, () => $"POINT({Fraction(-90, 90)}{Digits(8)} {Fraction(-90, 90)}{Digits(7)})"),
            New("price", null, () => Fraction(0, 5000)), New("handle", null, () => "@" + Letters(6)),
        ];
    }

    /// <summary>Each column's name, the kind that it holds (null: none), and its cells.</summary>
    public IReadOnlyList<(string Name, string? Kind, IReadOnlyList<string> Cells)> Columns { get; }

    /// <summary>As CSV; no cell holds a comma, a quote or a line end.</summary>
    public string Csv()
    {
        var csv = new StringBuilder().AppendJoin(',', Columns.Select(c => c.Name)).Append('\n');
        for (var row = 0; row < _rows; row++) csv.AppendJoin(',', Columns.Select(c => c.Cells[row])).Append('\n');
        return csv.ToString();
    }

    private (string, string?, IReadOnlyList<string>) New(string name, string? kind, Func<string> cell) =>
        (name, kind, [.. Enumerable.Range(0, _rows).Select(_ => cell())]);

    private string ResidentId()
    {
        var body = Pick("110105", "310104", "440305", "510107")
            + new DateTime(1940, 1, 1).AddDays(_random.Next(25_000)).ToString("yyyyMMdd", CultureInfo.InvariantCulture)
            + Digits(3);
        int[] weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        return body + "10X98765432"[body.Select((c, i) => (c - '0') * weights[i]).Sum() % 11];
    }

    private string CreditCode()
    {
        const string Alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
        int[] weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
        var body = "91" + Pick("110105", "310104", "440305")
            + string.Concat(Enumerable.Range(0, 9).Select(_ => Alphabet[_random.Next(31)]));
        var sum = body.Select((c, i) => Alphabet.IndexOf(c, StringComparison.Ordinal) * weights[i]).Sum();
        return body + Alphabet[(31 - (sum % 31)) % 31];
    }

    private string Iban()
    {
        var account = Digits(18);
        var rest = (int)(BigInteger.Parse(account + "131400", CultureInfo.InvariantCulture) % 97); // "DE00" as digits.
        return $"DE{98 - rest:00}{account}";
    }

    private string Card() => Checked(Pick("4", "62", "52"), 16);

    private string Imei() => Checked("35", 15);

    private string Checked(string begin, int length)
    {
        var body = begin + Digits(length - 1 - begin.Length);
        var sum = body.Reverse().Select((c, i) => i % 2 == 0 ? (c - '0') * 2 : c - '0').Sum(n => n > 9 ? n - 9 : n);
        return $"{body}{(10 - (sum % 10)) % 10}";
    }

    private string Vin()
    {
        const string Letters = "ABCDEFGHJKLMNPRSTUVWXYZ";
        const string Values = "12345678123457923456789";
        int[] weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
        var text = string.Concat(Enumerable.Range(0, 12).Select(_ => Letters[_random.Next(23)])) + Digits(5);
        int Value(char c) => (char.IsDigit(c) ? c : Values[Letters.IndexOf(c, StringComparison.Ordinal)]) - '0';
        var sum = text.Select((c, i) => weights[i] * Value(c)).Sum();
        return $"{text[..8]}{(sum % 11 == 10 ? "X" : sum % 11)}{text[9..]}";
    }

    private string Email() => $"{Letters(5).ToLowerInvariant()}.{Digits(2)}@{Pick("example.org", "mail.example.cn")}";

    private string Mobile() => $"1{Pick("38", "59", "86", "77")}{Digits(8)}";

    private string Plate() => $"{Pick("京", "沪", "粤", "川")}{Letters(1)}{Digits(5)}";

    private string Mac() => string.Join(':', Enumerable.Range(0, 6).Select(_ => $"{_random.Next(256):X2}"));

    private string Ip() => string.Join('.', Enumerable.Range(0, 4).Select(_ => _random.Next(1, 255)));

    private string Ssn() => $"{_random.Next(1, 665):000}-{_random.Next(1, 99):00}-{_random.Next(1, 9999):0000}";

    private string Address() =>
        $"{Pick("北京市海淀区", "浙江省杭州市西湖区", "四川省成都市武侯区")}{Pick("文三路", "中山街", "人民大道")}{_random.Next(1, 300)}号";

    private string PersonName() =>
        Pick("王", "李", "张", "陈", "欧阳") + Pick("伟", "芳", "秀英", "敏", "建国", "小丽");

    private string Date() => new DateTime(1960, 1, 1).AddDays(_random.Next(20_000))
        .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private string Fraction(double low, double high) =>
        (low + (_random.NextDouble() * (high - low))).ToString("F4", CultureInfo.InvariantCulture);

    private string Uuid()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }

    private string Rarely(Func<string> cell, string other) => _random.Next(100) == 0 ? cell() : other;

    private string Often(Func<string> cell, string other) => _random.Next(5) == 0 ? cell() : other;

    private string Year() => _random.Next(1950, 2030).ToString(CultureInfo.InvariantCulture);

    private static string InFours(string card) => string.Join(' ', card.Chunk(4).Select(c => new string(c)));

    private string HongKongId()
    {
        var (letter, digits) = (Letters(1), Digits(6));
        int[] weights = [8, 7, 6, 5, 4, 3, 2];
        var sum = 324 + digits.Prepend(letter[0])
            .Select((c, i) => (char.IsDigit(c) ? c - '0' : c - 55) * weights[i]).Sum();
        return $"{letter}{digits}({(11 - (sum % 11)) switch { 11 => "0", 10 => "A", var n => $"{n}" }})";
    }

    private string Code(int length) => string.Concat(
        Enumerable.Range(0, length).Select(_ => "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"[_random.Next(33)]));

    private string Digits(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => _random.Next(10)));

    private string Letters(int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => (char)('A' + _random.Next(26))));

    private string Pick(params string[] among) => among[_random.Next(among.Length)];
}
