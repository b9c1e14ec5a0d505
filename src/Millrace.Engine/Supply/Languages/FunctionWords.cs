using System.Collections.Frozen;

namespace Millrace.Engine.Supply.Languages;

/// <summary>
/// Words that hardly a sentence of a language does without, and letters that few others have. A sign that several
/// languages share counts the less for each.
/// </summary>
internal static class FunctionWords
{
    private static readonly Dictionary<string, string> _words = new()
    {
        ["ar"] = "في من على إلى هذا هذه التي الذي أن إن لا ما كان كانت مع عن لم قد بعد كل هو هي ولا لكن حتى عند بين "
            + "وقد",
        ["bg"] = "и на в с да се не за от са във със е по че но като съм беше бяха този тази това при след много "
            + "има няма ще го ги ни ми ли ако когато през само които която който беше",
        ["ca"] = "el la els les i de del dels que en un una per amb no és són més però com va han hem hi ha aquest "
            + "aquesta molt també al als seva seu quan sense fins ser està estava nosaltres",
        ["cs"] = "a v na se je že s z do to o i pro jsem jsou byl byla bylo nebo ale jako po tak ve ze při který "
            + "která které není jen když až od jsme už také velmi bez má mi mě kde ještě pouze",
        ["da"] = "og i at det er en den til på de med af ikke for der et som jeg har var fra men vi blev også efter "
            + "kun meget sig hvor skal kan eller denne mig når være hvad nogle noget deres havde uden",
        ["de"] = "der die das und ist nicht mit von zu den ein eine im auf für dem des sich auch es an wurde sind "
            + "war wir ich bei nach wie aber noch nur werden wird zum zur einen sehr hat haben am als oder durch "
            + "keine",
        ["el"] = "και το η ο να με για της του την τα στο στην που από δεν είναι τον οι ένα μια θα στη ήταν πολύ "
            + "αλλά μας μου σε των όταν αυτό έχει",
        ["en"] = "the of and to in is was for that with are it on this be as at by not have from or were an but has "
            + "had which you we they he she i my our your their there been would will can no when very so out",
        ["es"] = "el la de que y en los del las un una por con no es su para al lo se como más pero fue está son "
            + "muy este esta hay ha me mi nos sin sobre ser también cuando desde ya todo todos era han porque hasta",
        ["fa"] = "و در به از که این را است با برای آن می بود شد یک تا ما من هم شده نیست باید خود های اما ولی خیلی",
        ["fi"] = "ja on ei se että oli hän mutta ovat kun myös tai joka sen niin kuin ole olen minun meidän mitä "
            + "vain jos nyt kaikki mukaan jo sitä tämä tässä hyvin sekä ennen jälkeen sitten vielä olivat emme en",
        ["fr"] = "le la les de des et du en un une est que pour dans qui par sur au pas avec ne il elle ce cette "
            + "nous vous ils sont mais ou plus été aux très je se sa son ses leur était même sans être ont comme "
            + "tout",
        ["he"] = "של את על לא זה הוא היא עם אני כי גם או אם יש היה הייתה מה כל אבל רק אין אנחנו אחרי לפני מאוד בין",
        ["hi"] = "है के की का में और से को पर हैं यह नहीं था थी ने भी एक हो कि इस जो कर लिए बहुत हम मैं तो लेकिन",
        ["hr"] = "i je u na se da su za od s ne nije kao ali sam bio bila bilo što koji koja koje iz do smo ili "
            + "samo već nakon jer ima nema bez vrlo te prije kad kada još biti može",
        ["hu"] = "a az és hogy nem is egy volt van meg ez de csak ki már még mint el vagy nagyon után lehet mert ha "
            + "minden ezt azt itt kell nincs voltak nekünk között aki ami",
        ["id"] = "yang dan di dengan untuk dari ini itu tidak pada ke dalam adalah akan oleh karena sudah saya kami "
            + "ada bisa atau juga sangat lebih tetapi telah mereka kita harus belum setelah hanya",
        ["it"] = "il lo la gli le di che e è un una per in con non del della dei delle nel nella al alla si sono da "
            + "ma come più anche ha hanno era stato stata molto questo questa mi ci quando senza sul sulla essere",
        ["nl"] = "de het een en van is in dat niet te op voor met zijn er aan ook door naar maar om bij als wordt "
            + "werd was deze die ik we wij hij heeft hebben nog geen zeer dan uit over tot kan onze mijn heel toen",
        ["no"] = "og i at det er en den til på de med av ikke for et som jeg har var fra men vi ble også etter bare "
            + "mye seg hvor skal kan eller denne meg når være hva noen noe deres hadde veldig ved uten",
        ["pl"] = "w i na z się nie to że do jest o od po jak ale za przez dla są był była było oraz lub tylko przy "
            + "który która które bardzo już nas mnie mam czy gdy bez jeszcze być może tego pod tak",
        ["pt"] = "o a os as de do da dos das que e em um uma para com não no na nos nas por se é mais mas ao foi "
            + "como está são ele ela muito também já sem pelo pela eu meu minha quando ser era isso esta este há "
            + "nós",
        ["ro"] = "și în de la cu pe nu este un o a care pentru din că mai sunt au fost dar sau ce după foarte am "
            + "acest această către prin fără dacă când era doar lui ei ne ar fi cea cel",
        ["ru"] = "и в не на что с по как это из но за от к о для был была были было его мы я при так же или если "
            + "уже очень только у она он все который до нет когда после ещё еще чтобы",
        ["sk"] = "a v na sa je že s z do to o i pre som sú bol bola bolo alebo ale ako po tak vo zo pri ktorý ktorá "
            + "ktoré nie len keď až od sme už tiež veľmi bez má mi ma kde ešte iba",
        ["sv"] = "och i att det är en den till på som med av inte för ett jag har var från men vi blev också efter "
            + "bara mycket sig där ska kan eller denna mig när vara vad några något deras hade utan under vid om",
        ["tr"] = "ve bir bu da de için ile çok ama olarak daha gibi değil olan var yok ne kadar sonra en o ben biz "
            + "her oldu olduğu mi mı ki önce hiç veya ise tarafından bize bana şey",
        ["uk"] = "і в не на що з та до як це від за у по для був була були було але його ми я при так або якщо вже "
            + "дуже тільки вона він всі який після щоб коли ще й є немає бо",
        ["ur"] = "کے کی میں ہے اور سے کو کا پر ہیں نے یہ کہ تھا تھی نہیں ایک بھی اس ہو کر لیے بہت ہم جو لیکن",
        ["vi"] = "và là của có không được cho trong một các với này đã người những để từ khi tôi chúng rất nhưng "
            + "đến cũng như ở vào ra sẽ thì bị lại vì nên về",
    };

    /// <summary>Function words that stand in names of people and places too.</summary>
    public static FrozenSet<string> OfNames { get; } = FrozenSet.Create(
        "von", "der", "den", "zu", "van", "het", "de", "la", "las", "los", "el", "del", "y", "du", "des", "le", "les",
        "da", "do", "dos", "das", "e", "di", "della", "dei", "al", "bin", "of", "the", "and");

    private static readonly Dictionary<string, string> _letters = new()
    {
        ["ca"] = "·", ["cs"] = "ěřůčšž", ["da"] = "æøå", ["de"] = "ßäöü", ["es"] = "ñ¿¡", ["fa"] = "پچژگ",
        ["fi"] = "äö", ["fr"] = "êçœ", ["hr"] = "đćčšž", ["hu"] = "őű", ["no"] = "æøå", ["pl"] = "ąęłńśźż",
        ["pt"] = "ãõç", ["ro"] = "ăâîșț", ["ru"] = "ыэё", ["sk"] = "ľĺŕôčšž", ["sv"] = "äöå", ["tr"] = "ğışç",
        ["uk"] = "іїєґ", ["ur"] = "ٹڈڑےں", ["vi"] = "ơưđạảấầậắẹềệịọốồộớờợụủứừự",
    };

    /// <summary>Of each word, the languages that have it.</summary>
    public static FrozenDictionary<string, string[]> Words { get; } =
        By(_words.SelectMany(l => l.Value.Split(' ').Distinct().Select(word => (word, l.Key))));

    /// <summary>Of each letter, the languages that have it.</summary>
    public static FrozenDictionary<char, string[]> Letters { get; } =
        By(_letters.SelectMany(l => l.Value.Select(letter => (letter, l.Key))));

    private static FrozenDictionary<TSign, string[]> By<TSign>(IEnumerable<(TSign Sign, string Language)> signs)
        where TSign : notnull =>
        signs.GroupBy(s => s.Sign).ToFrozenDictionary(g => g.Key, g => g.Select(s => s.Language).ToArray());
}
