using System.Text;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Classification;

/// <summary>What a value says about whom; its rules stand in <see cref="LevelRule"/>.</summary>
public enum DataCategory
{
    IdentityDocument,
    FinancialAccount,
    Health,
    Name,
    Contact,
    Address,
    BirthDate,
    Location,
    Vehicle,
    Device,
    Demographic,

    /// <summary>What article 9 of the GDPR names besides health, and criminal records.</summary>
    Special,

    /// <summary>What opens something: whoever reads it can do more than read.</summary>
    Credential,
    Organisation,
}

/// <summary>How much a value of the right form proves.</summary>
internal enum Strength
{
    /// <summary>Nothing else looks so.</summary>
    Certain,

    /// <summary>Fewer than one in a thousand other texts of the same length and characters look so.</summary>
    Strong,

    /// <summary>Up to one in ten others look so; that nearly all values of a column do is no accident.</summary>
    Medium,

    /// <summary>Common numbers or words look so: only together with the name of the column.</summary>
    Weak,

    /// <summary>No form at all: the name of the column and its type.</summary>
    NameOnly,
}

internal delegate bool Form(ReadOnlySpan<char> text);

/// <summary>One kind of sensitive value, and how it is told.</summary>
/// <param name="Id">Stands in reports; never given to another kind.</param>
/// <param name="Lengths">The shortest and longest text that can be one.</param>
/// <param name="IsEmbedded">Whether it is also looked for inside of longer texts, by the same form.</param>
/// <param name="Names">Words in a column's name that speak for it, in lower case; several words as one phrase.</param>
internal sealed record Detector(
    string Id, DataCategory Category, Strength Strength, Form? Form, (int Min, int Max) Lengths, bool IsEmbedded,
    string[] Names)
{
    /// <summary>Words in a column's name that speak against this kind.</summary>
    public string[] Unless { get; init; } = [];

    /// <summary>Whether its values begin with a Han sign; those of all others never do.</summary>
    public bool BeginsInHan { get; init; }

    /// <summary>
    /// What numbers of that length look like, of this kind or not; there for kinds of medium strength that are looked
    /// for inside of longer texts. How many of those are of the kind tells whether it is one.
    /// </summary>
    public Form? Like { get; init; }

    /// <summary>
    /// How many other texts of the same length and characters are of the form by accident, at most: numbers that
    /// somebody gives out in a row begin alike.
    /// </summary>
    public double Chance { get; init; } = Strength == Strength.Strong ? 0.001 : 0.1;

    /// <summary>In the order of their bits; the more telling first, for one value may have several forms.</summary>
    public static IReadOnlyList<Detector> All { get; } =
    [
        Of("cn-resident-id", DataCategory.IdentityDocument, Strength.Strong, ChineseForms.IsResidentId, (18, 20), true,
            "身份证", "证件号", "id card", "idcard", "id no", "resident id", "identity number", "sfz", "sfzh") with
        {
            Chance = 2e-5, // Of random numbers of 18 digits.
        },
        Of("cn-credit-code", DataCategory.Organisation, Strength.Strong, ChineseForms.IsCreditCode, (18, 18), true,
            "统一社会信用代码", "信用代码", "credit code", "uscc"),
        Of("email", DataCategory.Contact, Strength.Certain, WorldForms.IsEmail, (6, 254), true,
            "email", "e mail", "mail", "邮箱", "电子邮件"),
        Of("iban", DataCategory.FinancialAccount, Strength.Certain, WorldForms.IsIban, (15, 42), true,
            "iban", "account"),
        Of("card-number", DataCategory.FinancialAccount, Strength.Medium, WorldForms.IsCard, (14, 23), true,
            "card", "pan", "credit card", "bank card", "银行卡", "卡号", "账号", "account") with
        {
            Like = WorldForms.IsLikeCard, // One in ten has the check digit, however they begin.
        },
        Of("cn-mobile", DataCategory.Contact, Strength.Medium, ChineseForms.IsMobile, (11, 18), true,
            "mobile", "phone", "tel", "cell", "telephone", "手机", "电话", "联系方式") with
        {
            Like = ChineseForms.IsLikeMobile, Chance = 0.5,
        },
        Of("phone", DataCategory.Contact, Strength.Medium, WorldForms.IsPhone, (9, 20), true,
            "phone", "tel", "telephone", "mobile", "fax", "电话", "手机") with
        {
            Like = WorldForms.IsPhone, // With its plus sign, nothing else looks so.
        },
        Of("cn-landline", DataCategory.Contact, Strength.Medium, ChineseForms.IsLandline, (11, 16), true,
            "phone", "tel", "telephone", "fax", "电话", "座机", "传真") with
        {
            Like = ChineseForms.IsLikeLandline, Chance = 0.5,
        },
        Of("cn-plate", DataCategory.Vehicle, Strength.Certain, ChineseForms.IsPlate, (7, 9), false,
            "plate", "licence plate", "license plate", "车牌", "车号") with { BeginsInHan = true },
        Of("vin", DataCategory.Vehicle, Strength.Medium, WorldForms.IsVin, (17, 17), false,
            "vin", "chassis", "车架号", "车辆识别"),
        Of("imei", DataCategory.Device, Strength.Medium, WorldForms.IsImei, (15, 15), false, "imei", "device"),
        Of("sim", DataCategory.Device, Strength.Medium, WorldForms.IsSim, (19, 20), false, "iccid", "sim", "usim"),
        Of("mac-address", DataCategory.Device, Strength.Certain, WorldForms.IsMac, (17, 17), false, "mac"),
        Of("ipv4", DataCategory.Device, Strength.Medium, WorldForms.IsIpv4, (7, 15), false, "ip", "ip address", "host"),
        Of("ipv6", DataCategory.Device, Strength.Strong, WorldForms.IsIpv6, (6, 39), false, "ip", "ip address"),
        Of("us-ssn", DataCategory.IdentityDocument, Strength.Medium, WorldForms.IsSsn, (11, 11), false,
            "ssn", "social security"),
        Of("hk-id", DataCategory.IdentityDocument, Strength.Certain, WorldForms.IsHongKongId, (10, 11), false, "hkid"),
        Of("cn-military-id", DataCategory.IdentityDocument, Strength.Certain, ChineseForms.IsMilitaryId, (9, 14), false,
            "军官证", "military id") with { BeginsInHan = true },
        Of("cn-passport", DataCategory.IdentityDocument, Strength.Weak, ChineseForms.IsPassport, (9, 9), false,
            "passport", "护照"),
        Of("cn-permit", DataCategory.IdentityDocument, Strength.Weak, ChineseForms.IsPermit, (9, 11), false,
            "permit", "通行证"),
        Of("bic", DataCategory.Organisation, Strength.Weak, WorldForms.IsBic, (8, 11), false, "bic", "swift"),
        Of("cn-postcode", DataCategory.Location, Strength.Weak, ChineseForms.IsPostcode, (6, 6), false,
            "postcode", "zip", "postal code", "邮编", "邮政编码"),
        Of("diagnosis", DataCategory.Health, Strength.Weak, WorldForms.IsDiagnosis, (3, 8), false,
            "diagnosis", "icd", "icd10", "disease", "诊断", "疾病"),
        Of("cn-address", DataCategory.Address, Strength.Strong, ChineseForms.IsAddress, (6, 120), false,
            "address", "地址", "住址") with { BeginsInHan = true },
        Of("cn-name", DataCategory.Name, Strength.Medium, ChineseForms.IsName, (2, 4), false,
            "name", "姓名", "名字", "联系人", "患者", "客户", "法人", "户主") with { BeginsInHan = true },
        Named("person-name", DataCategory.Name,
            "first name", "last name", "full name", "surname", "given name", "family name", "patient name",
            "customer name", "firstname", "lastname", "fullname", "姓名", "联系人", "聯絡人"),
        // Numbers of former times, of other countries, and those that are written in another way.
        Named("identity-document", DataCategory.IdentityDocument,
            "passport", "passport number", "ssn", "social security", "id card", "idcard", "identity number",
            "resident id", "national id", "driver license", "driving licence", "身份证", "身份證", "证件号", "證件號",
            "护照", "護照", "驾驶证", "軍官證", "军官证"),
        Named("bank-account", DataCategory.FinancialAccount,
            "iban", "bank account", "bank card", "credit card", "card number", "银行卡", "銀行卡", "银行账号", "银行账户",
            "信用卡"),
        Named("address", DataCategory.Address,
            "street", "address", "addr", "adresse", "住址", "地址") with
        {
            // Of machines and accounts, and no place.
            Unless = ["ip", "mac", "email", "mail", "web", "url", "wallet", "memory", "邮箱", "网址"],
        },
        Named("contact", DataCategory.Contact,
            "phone", "telephone", "mobile", "cellphone", "tel", "fax", "wechat", "whatsapp", "手机", "手機", "电话",
            "電話", "传真", "傳真", "微信"),
        Named("birth-date", DataCategory.BirthDate, "birth", "birthday", "dob", "birthdate", "born", "出生", "生日"),
        Named("coordinates", DataCategory.Location,
            "latitude", "longitude", "lat", "lon", "lng", "经度", "纬度", "坐标"),
        Named("sex", DataCategory.Demographic, "sex", "gender", "race", "marital", "性别", "性別", "婚姻"),
        Named("special", DataCategory.Special,
            "ethnicity", "religion", "religious", "political party", "trade union", "sexual orientation", "biometric",
            "fingerprint", "criminal record", "民族", "种族", "宗教", "政治面貌", "工会", "性取向", "指纹", "人脸",
            "犯罪记录"),
        Named("credential", DataCategory.Credential,
            "password", "passwd", "passphrase", "api key", "secret key", "access token", "密码", "口令"),
        Named("health", DataCategory.Health,
            "medical record", "patient id", "patient no", "patient number", "mrn", "blood type", "hiv", "diagnosis",
            "diagnoses", "allergy", "allergies", "medication", "medications", "医保", "社保", "社会保障", "病历", "病案",
            "患者编号", "血型", "诊断", "診斷", "过敏", "病史", "处方"),
    ];

    private static Detector Of(
        string id, DataCategory category, Strength strength, Form form, (int, int) lengths, bool isEmbedded,
        params string[] names) => new(id, category, strength, form, lengths, isEmbedded, names);

    private static Detector Named(string id, DataCategory category, params string[] names) =>
        new(id, category, Strength.NameOnly, null, (0, 0), false, names);

    /// <summary>Whether a column of that type can hold it.</summary>
    public bool CanBe(ColumnType type) => Category switch
    {
        DataCategory.Location when Form is null => type is ColumnType.Number or ColumnType.Decimal or ColumnType.Text,
        // Not the codes of streets.
        DataCategory.Name or DataCategory.Address or DataCategory.Contact when Form is null => type is ColumnType.Text,
        DataCategory.BirthDate => type is not (ColumnType.Boolean or ColumnType.Time),
        _ when Form is null => type is not (ColumnType.Boolean or ColumnType.Date or ColumnType.Time),
        _ => true,
    };

    /// <summary>Whether a column's name speaks for this kind.</summary>
    /// <param name="words">From <see cref="WordsOf"/>.</param>
    public bool IsNamed(string words) => Names.Any(n => Has(words, n)) && !Unless.Any(n => Has(words, n));

    private static bool Has(string words, string name) => ChineseForms.IsHan(name[0])
        ? words.Contains(name, StringComparison.Ordinal)
        : words.Contains($" {name} ", StringComparison.Ordinal);

    /// <summary>
    /// The words of a column's name, in lower case, with a blank before and after each: <c>homeAddress_2</c> becomes
    /// <c> home address 2 </c>, and <c>ICD编码</c> <c> icd 编码 </c>.
    /// </summary>
    public static string WordsOf(string column)
    {
        var words = new StringBuilder(" ");
        for (var i = 0; i < column.Length; i++)
        {
            var c = column[i];
            var begins = i > 0 && ((char.IsUpper(c) && char.IsLower(column[i - 1]))
                || char.IsDigit(c) != char.IsDigit(column[i - 1])
                || ChineseForms.IsHan(c) != ChineseForms.IsHan(column[i - 1]));
            if (begins || !char.IsLetterOrDigit(c)) words.Append(' ');
            if (char.IsLetterOrDigit(c)) words.Append(char.ToLowerInvariant(c));
        }
        return string.Join(' ', words.Append(' ').ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Prepend("").Append(""));
    }
}
