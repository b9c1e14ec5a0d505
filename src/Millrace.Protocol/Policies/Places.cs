using System.Collections.Frozen;

namespace Millrace.Protocol.Policies;

/// <summary>Codes of places: ISO 3166-1 alpha-2 (<c>CN</c>), or ISO 3166-2 (<c>CN-SH</c>) for a part of one.</summary>
public static class Places
{
    internal const string Expected = "an ISO 3166 code, like CN or CN-SH";

    private const int PartCharsMax = 3;

    private static readonly FrozenSet<string> _countries =
        """
        AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW
        BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI
        FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN
        IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME
        MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF
        PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
        SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE
        YT ZA ZM ZW
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();

    /// <summary>
    /// Parts that have a country code of their own: one place with two codes could get round a rule, so only the
    /// country code is taken.
    /// </summary>
    private static readonly FrozenSet<string> _twice =
        """
        CN-HK CN-MO CN-TW FI-01 FR-BL FR-GF FR-GP FR-MF FR-MQ FR-NC FR-PF FR-PM FR-RE FR-TF FR-WF FR-YT FR-971 FR-972
        FR-973 FR-974 FR-976 NL-AW NL-CW NL-SX NL-BQ1 NL-BQ2 NL-BQ3 NO-21 NO-22 US-AS US-GU US-MP US-PR US-UM US-VI
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();

    /// <summary>Whether a text is a code as policies and claims may use it: in capital letters.</summary>
    public static bool IsCode(string text) => text.Split('-') switch
    {
        [var country] => _countries.Contains(country),
        [var country, { Length: > 0 and <= PartCharsMax } part] =>
            _countries.Contains(country) && !_twice.Contains(text)
            && part.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c)),
        _ => false,
    };

    /// <summary>Whether a place is another one or a part of it.</summary>
    internal static bool IsIn(string place, string wider) =>
        place == wider || (place.StartsWith(wider, StringComparison.Ordinal) && place[wider.Length] == '-');
}
