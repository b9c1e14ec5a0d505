namespace Millrace.Engine.Supply.Fields;

/// <summary>
/// A unit of measure: x of it are (x + <see cref="Zero"/>) × <see cref="Times"/> / <see cref="Per"/> of what its
/// dimension is counted in.
/// </summary>
/// <param name="Code">UCUM, case-sensitive, where it has the unit.</param>
/// <param name="Dimension">Only units of the same dimension measure the same.</param>
/// <param name="Words">How columns write it, in lower case, as the last words of their name.</param>
public sealed record Unit(string Code, string Dimension, params IReadOnlyList<string> Words)
{
    public decimal Times { get; init; } = 1;

    public decimal Per { get; init; } = 1;

    public decimal Zero { get; init; }
}

/// <summary>
/// The units that packs use, and those that columns use in their place. Sizes are those of UCUM 2.2, exact where it has
/// them so. It lacks those of Chinese farms: 15 mu are a hectare and 2 jin a kilogram, exactly (State Council: order on
/// unified measures, 1959, and on legal units of measurement, 1984).
/// </summary>
public static class Units
{
    public static IReadOnlyList<Unit> All { get; } =
    [
        new("1", "ratio", "ratio", "fraction"),
        new("%", "ratio", "pct", "percent", "perc", "percentage") { Per = 100 },
        new("m", "length", "m", "meter", "meters", "metre", "metres", "米"),
        new("km", "length", "km", "kilometer", "kilometers", "kilometre", "kilometres", "公里", "千米") { Times = 1000 },
        new("cm", "length", "cm", "厘米") { Per = 100 },
        new("mm", "length", "mm", "millimeter", "millimeters", "millimetre", "millimetres", "毫米") { Per = 1000 },
        new("um", "length", "um", "micron", "microns", "微米") { Per = 1_000_000 },
        new("[mi_i]", "length", "mi", "mile", "miles", "英里") { Times = 1609.344m },
        new("[nmi_i]", "length", "nmi", "nm", "海里") { Times = 1852 },
        new("[ft_i]", "length", "ft", "feet", "foot") { Times = 0.3048m },
        new("[in_i]", "length", "in", "inch", "inches") { Times = 0.0254m },
        new("g", "mass", "g", "gram", "grams", "克"),
        new("kg", "mass", "kg", "kilogram", "kilograms", "公斤", "千克") { Times = 1000 },
        new("t", "mass", "t", "ton", "tons", "tonne", "tonnes", "吨") { Times = 1_000_000 },
        new("jin", "mass", "jin", "斤", "市斤") { Times = 500 },
        new("[lb_av]", "mass", "lb", "lbs", "pound", "pounds") { Times = 453.59237m },
        new("Cel", "temperature", "c", "celsius", "degc", "deg c", "摄氏度") { Zero = 273.15m },
        new("[degF]", "temperature", "f", "fahrenheit", "degf", "deg f", "华氏度") { Zero = 459.67m, Times = 5, Per = 9 },
        new("K", "temperature", "k", "kelvin"),
        new("s", "time", "s", "sec", "secs", "second", "seconds", "秒"),
        new("ms", "time", "ms", "millisecond", "milliseconds", "毫秒") { Per = 1000 },
        new("min", "time", "min", "mins", "minute", "minutes", "分钟") { Times = 60 },
        new("h", "time", "h", "hr", "hrs", "hour", "hours", "小时") { Times = 3600 },
        new("d", "time", "day", "days", "天") { Times = 86_400 },
        new("a", "time", "year", "years", "岁") { Times = 31_557_600 },
        new("m/s", "speed", "mps", "m s", "米每秒"),
        new("km/h", "speed", "kmh", "kph", "km h", "公里每小时") { Times = 1000, Per = 3600 },
        new("[mi_i]/h", "speed", "mph") { Times = 1609.344m, Per = 3600 },
        new("[kn_i]", "speed", "kn", "kt", "kts", "knot", "knots", "节") { Times = 1852, Per = 3600 },
        new("deg", "angle", "deg", "degree", "degrees", "度"),
        new("Pa", "pressure", "pa", "帕"),
        new("kPa", "pressure", "kpa", "千帕") { Times = 1000 },
        new("hPa", "pressure", "hpa", "mbar", "百帕") { Times = 100 },
        new("mm[Hg]", "pressure", "mmhg", "mm hg", "毫米汞柱") { Times = 133.322m },
        new("bar", "pressure", "bar") { Times = 100_000 },
        new("[psi]", "pressure", "psi") { Times = 4.4482216152605m, Per = 0.00064516m },
        new("W/m2", "irradiance", "w m 2"),
        new("MJ/m2", "irradiation", "mj m 2"),
        new("m2", "area", "m 2", "sqm", "平方米"),
        new("har", "area", "ha", "hectare", "hectares", "公顷") { Times = 10_000 },
        new("[acr_us]", "area", "acre", "acres") { Times = 62_726_400_000, Per = 15_499_969 },
        new("mu", "area", "mu", "亩", "市亩") { Times = 2000, Per = 3 },
        new("kg/har", "mass per area", "kg ha", "kgha", "公斤 公顷", "千克 公顷"),
        new("t/har", "mass per area", "t ha", "tha", "吨 公顷") { Times = 1000 },
        new("kg/mu", "mass per area", "kg mu", "公斤 亩", "千克 亩") { Times = 15 },
        new("jin/mu", "mass per area", "jin mu", "斤 亩") { Times = 7.5m },
        new("t/mu", "mass per area", "t mu", "吨 亩") { Times = 15_000 },
        new("1/m2", "number per area", "plants m 2"),
        new("l", "volume", "l", "liter", "liters", "litre", "litres", "升"),
        new("m3", "volume", "m 3", "立方米") { Times = 1000 },
        new("kW.h", "energy", "kwh", "千瓦时"),
        new("kW", "power", "kw", "千瓦") { Times = 1000 },
        new("W", "power", "w", "watt", "watts"),
        new("V", "voltage", "v", "volt", "volts", "伏"),
        new("A", "current", "a", "amp", "amps", "安"),
        new("Hz", "frequency", "hz", "hertz", "赫兹"),
        new("/min", "frequency", "rpm", "bpm", "per minute", "次每分") { Per = 60 },
        new("mm/s", "speed", "mm s", "毫米每秒") { Per = 1000 },
        new("mm/min", "speed", "mm min") { Per = 60_000 },
        new("N.m", "torque", "nm torque", "n m"),
        new("mg/dL", "mass concentration", "mg dl", "mgdl"),
        new("g/dL", "mass concentration", "g dl") { Times = 1000 },
        new("g/cm3", "density", "g cm 3"),
        new("mmol/L", "substance concentration", "mmol l"),
        new("umol/L", "substance concentration", "umol l") { Per = 1000 },
        new("kg/m2", "body mass index", "kg m 2"),
        new("U/L", "catalytic concentration", "u l"),
        new("10*3/uL", "number concentration"),
        new("[ppm]", "mole fraction", "ppm"),
        new("[pH]", "acidity"),
        new("[degRichter]", "magnitude"),
    ];

    public static Unit? Find(string code) => All.FirstOrDefault(u => u.Code == code);

    /// <summary>What may be meant: the unit of that code, else all that columns write so; empty: none.</summary>
    public static IReadOnlyList<Unit> Named(string text) => (Find(text) ?? Find(Bare(text))) is { } found
        ? [found]
        : [.. All.Where(u => u.Words.Contains(ColumnWords.Of(text).Text))];

    /// <summary>UCUM writes 1/min and /min for the same.</summary>
    private static string Bare(string text) => text.StartsWith("1/", StringComparison.Ordinal) ? text[1..] : text;
}
