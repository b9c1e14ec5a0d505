using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Conversions;
using Millrace.Engine.Supply.Fields;
using Millrace.Protocol.Policies;

namespace Millrace.Tests.Supply.Conversions;

public sealed class ConversionTests : IDisposable
{
    private readonly Workshop _work = new();

    [Theory]
    [InlineData("[degF]", "Cel", 212, 100)]
    [InlineData("[degF]", "Cel", -40, -40)]
    [InlineData("Cel", "[degF]", 37.5, 99.5)]
    [InlineData("Cel", "K", 0, 273.15)]
    [InlineData("[mi_i]", "km", 26.2, 42.1648128)]
    [InlineData("[ft_i]", "m", 3, 0.9144)]
    [InlineData("[nmi_i]", "km", 1, 1.852)]
    [InlineData("km/h", "m/s", 36, 10)]
    [InlineData("[kn_i]", "km/h", 10, 18.52)]
    [InlineData("m/s", "mm/min", 0.001, 60)]
    [InlineData("[lb_av]", "kg", 1, 0.45359237)]
    [InlineData("[psi]", "kPa", 1, 6.894757293168361)]
    [InlineData("mm[Hg]", "kPa", 120, 15.99864)]
    [InlineData("[acr_us]", "har", 1, 0.4046872609874252)]
    [InlineData("t/har", "kg/har", 7.5, 7500)]
    [InlineData("%", "1", 45, 0.45)]
    [InlineData("min", "h", 90, 1.5)]
    [InlineData("g/dL", "mg/dL", 0.9, 900)]
    [InlineData("mm/s", "m/s", 2610, 2.61)]
    [InlineData("/min", "Hz", 1500, 25)]
    [InlineData("mu", "har", 15, 1)]
    [InlineData("mu", "m2", 3, 2000)]
    [InlineData("har", "mu", 2, 30)]
    [InlineData("jin", "kg", 3, 1.5)]
    [InlineData("jin/mu", "kg/har", 1000, 7500)]
    [InlineData("kg/mu", "t/har", 500, 7.5)]
    public void Sizes_are_those_of_the_standard(string from, string to, double x, double y) =>
        Assert.Equal(y, UnitScale.Between(Units.Find(from)!, Units.Find(to)!).Of(x), 1e-12 * Math.Abs(y));

    [Fact]
    public void There_and_back_is_where_it_began()
    {
        foreach (var from in Units.All)
            foreach (var to in Units.All.Where(u => u.Dimension == from.Dimension))
            {
                var (there, back) = (UnitScale.Between(from, to), UnitScale.Between(to, from));
                Assert.Equal(21.5, back.Of(there.Of(21.5)), 1e-9);
            }
    }

    [Theory]
    [InlineData("distance_mi=km", "distance_mi", null, "km", null)]
    [InlineData("temp=[degF]:Cel", "temp", "[degF]", "Cel", null)]
    [InlineData("a=b=[degF]:Cel as c d", "a=b", "[degF]", "Cel", "c d")]
    [InlineData("国家=country-3 as country", "国家", null, "country-3", "country")]
    public void A_conversion_is_written_in_one_line(string text, string column, string? from, string to, string? name)
    {
        var read = Conversion.Read(text);
        Assert.Equal(new Conversion(column, to, from, name), read);
        Assert.Equal(text, read!.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("distance")]
    [InlineData("=km")]
    [InlineData("distance=")]
    [InlineData("distance=:km")]
    [InlineData("distance=a:b:c")]
    [InlineData("distance=km as ")]
    public void What_is_no_conversion_is_not_read(string text) => Assert.Null(Conversion.Read(text));

    [Theory]
    [InlineData("distance_mi", "km", "distance_km")]
    [InlineData("Distance (mi)", "km", "Distance (km)")]
    [InlineData("distanceMiles", "km", "distanceKm")]
    [InlineData("DISTANCE_MI", "km", "DISTANCE_KM")]
    [InlineData("speed_km_h", "m/s", "speed_mps")]
    [InlineData("里程_公里", "m", "里程_m")]
    [InlineData("面积(亩)", "har", "面积(ha)")]
    [InlineData("单产（公斤/亩）", "kg/har", "单产（kg_ha）")]
    [InlineData("单产(斤/亩)", "公斤/亩", "单产(kg_mu)")]
    [InlineData("mi", "km", "mi")]
    public async Task The_unit_in_a_name_is_replaced(string name, string to, string converted)
    {
        var from = name == "mi" ? "mi" : null;
        var table = await ConvertAsync($"{name},n\n1,1\n", new Conversion(name, to, from));
        Assert.Equal(converted, table.Schema.Columns[0].Name);
    }

    [Fact]
    public void A_long_name_does_not_take_long()
    {
        var name = new string('(', 200_000);
        Assert.Equal(name, UnitName.Replace(name, Units.Find("km/h")!, Units.Find("m/s")!));
    }

    [Fact]
    public async Task Columns_are_converted_where_they_stand_and_rows_keep_their_order()
    {
        var table = await ConvertAsync(
            "id,distance_mi,temp,country\n1,1,212,de\n2,,32, FRA \n3,0.5,NA,\n",
            new("distance_mi", "km"), new("temp", "celsius", "fahrenheit"),
            new("country", "country-3", null, "nation"));
        Assert.Equal(
            [
                new("id", ColumnType.Integer), new("distance_km", ColumnType.Number), new("temp", ColumnType.Number),
                new Column("nation", ColumnType.Text),
            ],
            table.Schema.Columns);
        Assert.Equal(
            [["1", "1.609344", "100.0", "DEU"], ["2", null, "0.0", "FRA"], ["3", "0.804672", null, null]],
            _work.Cells());
        Assert.Equal(
            [
                "distance_mi=[mi_i]:km as distance_km", "temp=[degF]:Cel as temp", "country=country-3 as nation",
            ],
            table.Source.Conversions!.Select(c => c.ToString()));
    }

    [Theory]
    [InlineData("sex", "male|F|女|2|Unknown|未说明的性别", "1|2|2|2|0|9")]
    [InlineData("administrative-gender", "1|female|男|9", "male|female|male|unknown")]
    [InlineData("country-2", "DEU|us|CHN", "DE|US|CN")]
    [InlineData("country-2", "Deu|NA|us", "DE|NA|US")] // Namibia, and not no value.
    [InlineData("route-type", "Bus|地铁|0", "3|1|0")]
    public async Task A_list_understands_codes_meanings_and_what_others_write(string list, string cells, string codes)
    {
        var rows = cells.Split('|').Select(c => $"{c},1");
        await ConvertAsync("v,n\n" + string.Join('\n', rows), new Conversion("v", list));
        Assert.Equal(codes.Split('|'), _work.Cells().Select(r => r[0]));
    }

    [Fact]
    public async Task Digits_of_a_code_stay_digits()
    {
        await ConvertAsync("sex,n\n1,1\n2,1\n", new Conversion("sex", "sex"));
        Assert.Equal(["1", "2"], _work.Cells().Select(r => r[0]));
    }

    [Fact]
    public async Task Parquet_is_converted_as_well()
    {
        _work.Make("COPY (SELECT i::INTEGER AS length_cm FROM range(5) t(i)) TO '@/in.parquet' (FORMAT parquet)");
        var table = await _work.Import.ImportAsync(
            [_work.At("in.parquet")], _work.At("out.parquet"), Workshop.Cancel,
            conversions: [new Conversion("length_cm", "m")]);
        Assert.Equal([new Column("length_m", ColumnType.Number)], table.Schema.Columns);
        Assert.Equal(["0.0", "0.01", "0.02", "0.03", "0.04"], _work.Cells().Select(r => r[0]));
    }

    [Theory]
    [InlineData("speed=km", "no column speed")]
    [InlineData("distance_mi=league", "no unit and no list of codes league")]
    [InlineData("distance_mi=parsec:km", "no unit parsec")]
    [InlineData("distance_mi=kg", "measures something else than kg")]
    [InlineData("distance_mi=mi", "in [mi_i] already")]
    [InlineData("n=km", "says no unit")]
    [InlineData("word=mi:km", "other values than numbers")]
    [InlineData("distance_mi=km as n", "two columns n")]
    [InlineData("distance_mi=km as \u0007", "needs a name")]
    [InlineData("word=km:country-2", "Leave km out")]
    [InlineData("word=country-2", "\"x\", \"y\"")]
    public async Task What_cannot_be_converted_is_said_in_one_sentence(string conversion, string why)
    {
        var refused = await Assert.ThrowsAsync<SourceException>(() => ConvertAsync(
            "distance_mi,n,word\n1,2,x\n3,4,y\n", Conversion.Read(conversion)!));
        Assert.Equal("bad-conversion", refused.Code);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_work.At("out.parquet")));
    }

    [Fact]
    public async Task A_column_is_converted_once()
    {
        var refused = await Assert.ThrowsAsync<SourceException>(() => ConvertAsync(
            "a_km,n\n1,2\n", new Conversion("a_km", "m"), new Conversion("a_km", "mi")));
        Assert.Contains("twice", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _work.Dispose();

    private Task<ImportedTable> ConvertAsync(string csv, params IReadOnlyList<Conversion> conversions) =>
        _work.Import.ImportAsync(
            [_work.File("in.csv", csv)], _work.At("out.parquet"), Workshop.Cancel, conversions: conversions);
}
