namespace Millrace.Engine.Supply.Fields;

/// <summary>A unit of measure.</summary>
/// <param name="Code">UCUM, case-sensitive.</param>
/// <param name="Dimension">Only units of the same dimension measure the same.</param>
/// <param name="Words">How columns write it, in lower case, as the last words of their name.</param>
public sealed record Unit(string Code, string Dimension, params IReadOnlyList<string> Words);

/// <summary>The units that packs use, and those that columns use in their place.</summary>
public static class Units
{
    public static IReadOnlyList<Unit> All { get; } =
    [
        new("1", "ratio", "ratio", "fraction"),
        new("%", "ratio", "pct", "percent", "perc", "percentage"),
        new("m", "length", "m", "meter", "meters", "metre", "metres", "米"),
        new("km", "length", "km", "kilometer", "kilometers", "kilometre", "kilometres", "公里", "千米"),
        new("cm", "length", "cm", "厘米"),
        new("mm", "length", "mm", "millimeter", "millimeters", "millimetre", "millimetres", "毫米"),
        new("um", "length", "um", "micron", "microns", "微米"),
        new("[mi_i]", "length", "mi", "mile", "miles", "英里"),
        new("[nmi_i]", "length", "nmi", "nm", "海里"),
        new("[ft_i]", "length", "ft", "feet", "foot"),
        new("[in_i]", "length", "in", "inch", "inches"),
        new("g", "mass", "g", "gram", "grams", "克"),
        new("kg", "mass", "kg", "kilogram", "kilograms", "公斤", "千克"),
        new("t", "mass", "t", "ton", "tons", "tonne", "tonnes", "吨"),
        new("[lb_av]", "mass", "lb", "lbs", "pound", "pounds"),
        new("Cel", "temperature", "c", "celsius", "degc", "deg c", "摄氏度"),
        new("[degF]", "temperature", "f", "fahrenheit", "degf", "deg f", "华氏度"),
        new("K", "temperature", "k", "kelvin"),
        new("s", "time", "s", "sec", "secs", "second", "seconds", "秒"),
        new("ms", "time", "ms", "millisecond", "milliseconds", "毫秒"),
        new("min", "time", "min", "mins", "minute", "minutes", "分钟"),
        new("h", "time", "h", "hr", "hrs", "hour", "hours", "小时"),
        new("d", "time", "day", "days", "天"),
        new("a", "time", "year", "years", "岁"),
        new("m/s", "speed", "mps", "m s", "米每秒"),
        new("km/h", "speed", "kmh", "kph", "km h", "公里每小时"),
        new("[mi_i]/h", "speed", "mph"),
        new("[kn_i]", "speed", "kn", "kt", "kts", "knot", "knots", "节"),
        new("deg", "angle", "deg", "degree", "degrees", "度"),
        new("Pa", "pressure", "pa", "帕"),
        new("kPa", "pressure", "kpa", "千帕"),
        new("hPa", "pressure", "hpa", "mbar", "百帕"),
        new("mm[Hg]", "pressure", "mmhg", "mm hg", "毫米汞柱"),
        new("bar", "pressure", "bar"),
        new("[psi]", "pressure", "psi"),
        new("W/m2", "irradiance", "w m 2"),
        new("MJ/m2", "irradiation", "mj m 2"),
        new("m2", "area", "m 2", "sqm", "平方米"),
        new("har", "area", "ha", "hectare", "hectares", "公顷"),
        new("[acr_us]", "area", "acre", "acres"),
        new("kg/har", "mass per area", "kg ha", "kgha"),
        new("t/har", "mass per area", "t ha", "tha"),
        new("1/m2", "number per area", "plants m 2"),
        new("l", "volume", "l", "liter", "liters", "litre", "litres", "升"),
        new("m3", "volume", "m 3", "立方米"),
        new("kW.h", "energy", "kwh", "千瓦时"),
        new("kW", "power", "kw", "千瓦"),
        new("W", "power", "w", "watt", "watts"),
        new("V", "voltage", "v", "volt", "volts", "伏"),
        new("A", "current", "a", "amp", "amps", "安"),
        new("Hz", "frequency", "hz", "赫兹"),
        new("/min", "rate", "rpm", "bpm", "per minute", "次每分"),
        new("mm/s", "vibration velocity", "mm s"),
        new("mm/min", "speed", "mm min"),
        new("N.m", "torque", "nm torque", "n m"),
        new("mg/dL", "mass concentration", "mg dl", "mgdl"),
        new("g/dL", "mass concentration", "g dl"),
        new("g/cm3", "density", "g cm 3"),
        new("mmol/L", "substance concentration", "mmol l"),
        new("umol/L", "substance concentration", "umol l"),
        new("kg/m2", "body mass index", "kg m 2"),
        new("U/L", "catalytic concentration", "u l"),
        new("10*3/uL", "number concentration"),
        new("[ppm]", "mole fraction", "ppm"),
        new("[pH]", "acidity"),
        new("[degRichter]", "magnitude"),
    ];

    public static Unit? Find(string code) => All.FirstOrDefault(u => u.Code == code);
}
