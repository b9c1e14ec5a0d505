using System.Text;

namespace Millrace.Tests.Supply;

/// <summary>The code pages of central Europe and of the west, told apart by the letters of words.</summary>
public sealed class LatinPagesTests : IDisposable
{
    private readonly Workshop _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    // Czech, Slovak, Polish, Hungarian, Croatian, Romanian.
    [InlineData("město;kraj|České Budějovice;Jihočeský kraj|Plzeň;Plzeňský kraj|Ústí nad Labem;Ústecký kraj")]
    [InlineData("id;j|1;Zděnek Šťastný|2;Jiří Dvořák|3;Květa")]
    [InlineData("město;jméno|Brno;Šťastný")]
    [InlineData("mesto;poznámka|Trenčín;ťažko a ďaleko|Žilina;kôň pri stĺpe|Ľubochňa;vŕba, päť, koľko")]
    [InlineData("miasto;województwo|Łódź;łódzkie|Kraków;małopolskie|Gdańsk;pomorskie|Wrocław;dolnośląskie")]
    [InlineData("id;tekst|1;Książka leży na półce|2;Są dwie części wody")]
    [InlineData("város;megye|Győr;Győr-Moson-Sopron|Hódmezővásárhely;Csongrád|Kőszeg;Vas|Szűcs;Heves|Gödöllő;Pest")]
    [InlineData("id;szöveg|1;A gyűjtött adatok közül többet később közölnek|2;A folyók szintje erősen megnőtt")]
    [InlineData("grad;županija|Čakovec;Međimurska|Đakovo;Osječko-baranjska|Poreč;Istarska|Ćićarija;Šibensko")]
    [InlineData("oraş;judeţ|Iaşi;Iaşi|Constanţa;Dobrogea|Timişoara;Timiş|Bistriţa;Năsăud|Râmnicu Vâlcea;Vâlcea")]
    public async Task Words_of_central_Europe_are_read_as_they_were_written(string text)
    {
        Assert.Equal(("windows-1250", text), await ReadAsync("windows-1250", text));
        var longer = Longer(text);
        Assert.Equal(("windows-1250", longer), await ReadAsync("windows-1250", longer));
    }

    [Theory]
    // German, French, Spanish, Portuguese, Italian; Swedish, Danish, Icelandic, Finnish, Estonian, Dutch.
    [InlineData("Straße;Größe|München;12 m³|Köln;Käse für 3 £|Düsseldorf;Übung 1ª")]
    [InlineData("ville;été|Orléans;œuvre, garçon, où|Nîmes;l’élève a été naïf à Noël|Besançon;dû au goût d'août")]
    [InlineData("ciudad;año|Córdoba;¿Qué niño?|Málaga;pingüino 1º|León;¡Así es!|Logroño;12³")]
    [InlineData("cidade;região|São Paulo;questões, você|Brasília;à tarde|Goiânia;avó e avô")]
    [InlineData("città;perché|Cefalù;lunedì più tardi|Forlì;così è però|Cantù;università")]
    [InlineData("stad;län|Göteborg;Västra Götaland|Malmö;Skåne|Västerås;Västmanland|Åre;Jämtland")]
    [InlineData("by;område|Århus;smørrebrød i allé|Tromsø;før Ærø|København;læge, café")]
    [InlineData("bær;hérað|Reykjavík;Ísafjörður|Þingvellir;Höfn|Seyðisfjörður;Egilsstaðir, býr")]
    [InlineData("kaupunki;päivä|Jyväskylä;šakki|Hämeenlinna;käsityö|Õ;Võru, žürii")]
    [InlineData("stad;land|België;financiële coördinatie|Curaçao;één reünie, hè")]
    // Several in one table, with letters that Czech, Slovak and Hungarian could have too.
    [InlineData("city;name|Øresund;José|Malmø;Irène|Köln;García|Nîmes;Hélène|Besançon;Thérèse|Évora;Ødegård")]
    [InlineData("name;city|Müller;Köln|König;Málaga|García;Düsseldorf|Pérez;Nürnberg|López;Göttingen")]
    // Too few letters to be sure: in 1250 these would be Dvořák and Černý.
    [InlineData("id;name|1;Dvoøák|2;Èerný|3;Novák")]
    public async Task Words_of_the_west_are_left_as_they_are(string text) =>
        Assert.Equal(("windows-1252", text), await ReadAsync("windows-1252", text));

    // Of more text the usual detector is surer of itself.
    private static string Longer(string text)
    {
        var rows = text.Split('|');
        return string.Join('|', Enumerable.Repeat(rows.Skip(1), 300).SelectMany(r => r).Prepend(rows[0]));
    }

    private async Task<(string?, string)> ReadAsync(string encoding, string text)
    {
        var bytes = Encoding.GetEncoding(encoding).GetBytes(text.Replace('|', '\n') + "\n");
        var table = await _work.Import.ImportAsync(
            [_work.File("in.csv", bytes)], _work.At("out.parquet"), Workshop.Cancel);
        var rows = _work.Cells().Select(r => string.Join(';', r))
            .Prepend(string.Join(';', table.Schema.Columns.Select(c => c.Name)));
        return (table.Source.Encoding, string.Join('|', rows));
    }
}
