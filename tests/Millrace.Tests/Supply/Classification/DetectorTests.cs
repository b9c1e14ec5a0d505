using Millrace.Engine.Supply.Classification;

namespace Millrace.Tests.Supply.Classification;

/// <summary>Each form against examples of its standard or its users, and against near misses.</summary>
public sealed class DetectorTests
{
    [Theory]
    [InlineData("11010519491231002X", "cn-resident-id")] // GB 11643-1999's own.
    [InlineData("440524188001010014", null)] // Adds up, but nobody born in 1880 is asked.
    [InlineData("110105194912310021", null)] // Another check digit.
    [InlineData("110105194913310029", null)] // There is no thirteenth month.
    [InlineData("990105194912310026", null)] // There is no such province.
    [InlineData("91350100M000100Y43", "cn-credit-code")] // GB 32100-2015's own.
    [InlineData("91100000100003962T", "cn-credit-code")] // Registered for the whole country.
    [InlineData("91350100M000100Y44", null)]
    [InlineData("13800138000", "cn-mobile")]
    [InlineData("+86 138-0013-8000", "cn-mobile")]
    [InlineData("+44 20 7946 0958", "phone")] // In groups, as E.164 is written.
    [InlineData("+8613800138000", "cn-mobile")]
    [InlineData("138 0013 8000", "cn-mobile")]
    [InlineData("138-0013-8000", "cn-mobile")]
    [InlineData("0086 13800138000", "cn-mobile")]
    [InlineData("138-00138-000", null)]
    [InlineData("110105 19491231 002X", "cn-resident-id")]
    [InlineData("(021) 6255 0000", "cn-landline")]
    [InlineData("12800138000", null)]
    [InlineData("010-62550000", "cn-landline")]
    [InlineData("0755-8888666", "cn-landline")]
    [InlineData("1010-62550000", null)]
    [InlineData("京A12345", "cn-plate")]
    [InlineData("粤B·D12345", "cn-plate")]
    [InlineData("京A学校人", null)]
    [InlineData("someone@example.org", "email")]
    [InlineData("some..one@example.org", null)]
    [InlineData("user@localhost", null)]
    [InlineData("@handle", null)]
    [InlineData("GB82 WEST 1234 5698 7654 32", "iban")]
    [InlineData("DE89370400440532013000", "iban")]
    [InlineData("DE89370400440532013001", null)]
    [InlineData("4111 1111 1111 1111", "card-number")]
    [InlineData("378282246310005", "card-number")]
    [InlineData("4111111111111112", null)]
    [InlineData("1M8GDM9AXKP042788", "vin")]
    [InlineData("1M8GDM9A_KP042788", null)]
    [InlineData("490154203237518", "imei")]
    [InlineData("490154203237519", null)]
    [InlineData("00:1A:2B:3C:4D:5E", "mac-address")]
    [InlineData("00:1A-2B:3C:4D:5E", null)]
    [InlineData("192.0.2.17", "ipv4")]
    [InlineData("192.0.2.256", null)]
    [InlineData("2001:db8::17", "ipv6")]
    [InlineData("12:30:45", null)]
    [InlineData("123-45-6789", "us-ssn")]
    [InlineData("000-45-6789", null)]
    [InlineData("A123456(3)", "hk-id")]
    [InlineData("A123456(4)", null)]
    [InlineData("北京市海淀区中关村大街27号", "cn-address")]
    [InlineData("浙江省杭州市西湖区文三路90号", "cn-address")]
    [InlineData("浙江杭州西湖区文三路", "cn-address")] // Provinces and cities by their short names.
    [InlineData("东西湖区中山东路三号", "cn-address")] // 中山 is a city too.
    [InlineData("四季青镇杏石口路65号", "cn-address")] // No place of the gazetteer, but a number.
    [InlineData("河北省定州市八家村三组", "cn-address")]
    [InlineData("上海客户5月20号到场", null)]
    [InlineData("北京市东城区东华门街道", null)] // A place of thousands.
    [InlineData("杭州市西湖区三号线项目部", null)]
    [InlineData("浙江省教育厅第3号通知", null)]
    [InlineData("北京大学路桥研究院", null)]
    [InlineData("中关村", null)]
    [InlineData("欧阳修文", "cn-name")]
    [InlineData("高阳县", null)] // 高 is a surname too.
    [InlineData("", null)]
    [InlineData(" ", null)]
    public void Tells_a_value_by_its_form(string cell, string? kind)
    {
        var kinds = CellScan.Kinds(cell);
        var whole = Detector.All.Where((_, i) => (kinds & CellScan.IsKind(i)) != 0).Select(d => d.Id);
        Assert.Equal(kind, whole.FirstOrDefault());
    }

    [Theory]
    [InlineData("Please call 13800138000, or write to someone@example.org.", "cn-mobile,email")]
    [InlineData("客户身份证11010519491231002X已核对", "cn-resident-id")]
    [InlineData("https://a.example/?phone=13800138000&x=1", "cn-mobile")]
    [InlineData("""{"id":"x","phone":13800138000}""", "cn-mobile")]
    [InlineData("mail=someone@example.org;ok", "email")]
    [InlineData("联系 张三 13800138000", "cn-mobile")]
    [InlineData("2001-01-22 138 0013 8000, or +49 30 1234567", "cn-mobile,phone")]
    [InlineData("2001 138-0013-8000", "cn-mobile")]
    [InlineData("座机（021）6255 0000，白天", "cn-landline")]
    [InlineData("call 010-62550000 at noon", "cn-landline")]
    [InlineData("paid by 4111 1111 1111 1111, thanks", "card-number")]
    [InlineData("id 110105 19491231 002X seen", "")]
    [InlineData("他说的地方是北京市海淀区中关村大街27号，门口", "cn-address")]
    [InlineData("已经到了：杭州文三路90号3单元", "cn-address")]
    [InlineData("他在上海，5月20号到北京路演", "")]
    [InlineData("北京地铁八通线路3号线晚点", "")]
    [InlineData("v1.13800138000 of tel13800138000x", "cn-mobile")]
    [InlineData("order 4111111111111112 of 2001", "")]
    [InlineData("版本1.2.3.4发布于20010101", "")]
    public void Finds_values_inside_of_longer_texts(string cell, string kinds)
    {
        var found = CellScan.Kinds(cell);
        Assert.Equal(
            kinds.Split(',', StringSplitOptions.RemoveEmptyEntries).Order(),
            Detector.All.Where((_, i) => (found & CellScan.Holds(i)) != 0).Select(d => d.Id).Order());
    }

    [Theory]
    [InlineData("homeAddress_2", " home address 2 ")]
    [InlineData("ID-Card", " id card ")]
    [InlineData("手机号码", " 手机号码 ")]
    [InlineData("ICD编码", " icd 编码 ")]
    [InlineData("旧Email地址2", " 旧 email 地址 2 ")]
    public void Takes_the_words_of_a_name(string column, string words) =>
        Assert.Equal(words, Detector.WordsOf(column));

    [Theory]
    [InlineData("email", "E_Mail", true)]
    [InlineData("coordinates", "flatness", false)]
    [InlineData("coordinates", "lat", true)]
    [InlineData("cn-mobile", "手机号码", true)]
    [InlineData("sex", "Essex", false)]
    [InlineData("health", "HIV检测", true)]
    [InlineData("contact", "手機號碼", true)]
    [InlineData("address", "家庭地址", true)]
    [InlineData("address", "IP地址", false)]
    public void A_name_speaks_for_a_kind_by_whole_words(string kind, string column, bool speaks) =>
        Assert.Equal(speaks, Detector.All.Single(d => d.Id == kind).IsNamed(Detector.WordsOf(column)));

    [Fact]
    public void Each_kind_has_its_name_and_its_bits() =>
        Assert.True(
            Detector.All.Select(d => d.Id).Distinct().Count() == Detector.All.Count
            && (2 * Detector.All.Count(d => d.Form is not null)) + Detector.All.Count(d => d.Like is not null) <= 64
            && Detector.All.SkipWhile(d => d.Form is not null).All(d => d.Form is null)); // Bits go by place.

    /// <summary>Whatever comes in a cell, looking at it ends and does not fail.</summary>
    [Fact]
    public void Any_text_can_be_looked_at()
    {
        var random = new Random(7);
        const string Alphabet = "0123456789XABZz@.-:+() 省市号字第京王欧阳é\0\uD83D";
        for (var i = 0; i < 200_000; i++)
        {
            var text = string.Concat(
                Enumerable.Range(0, random.Next(30)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            CellScan.Kinds(text);
        }
    }
}
