"""What nobody should send: written numbers, characters, JSON and payloads, with what they mean."""

from __future__ import annotations

from decimal import Decimal

NO = "no"
"""Refused: not an amount."""

NUMBERS: dict[str, object] = {
    # plain
    "0": "0", "1": "1", "12": "12", "007": "7", "90": "90", "100": "100", "600000": "600000", "999999999999999": "999999999999999",
    "999999999999": "999999999999", "1000000000000000": NO, "99999999999999": "99999999999999", "1.5": "1.5",
    "1.50": "1.5", "0.1": "0.1", "0.01": "0.01", "12.34": "12.34", "1234567.89": "1234567.89", ".5": "0.5",
    "00.50": "0.5", "3.": NO, ".": NO, "1..2": NO, "1.2.3": NO, "1.005": "1.01", "1.004": "1", "0.005": "0.01", "0.004": "0",
    "2.675": "2.68", "0.0000000001": "0", "0.00000000001": NO,
    # signs
    "+1": "1", "-1": "-1", "-0": "0", "-0.00": "0", "-0.004": "0", "+0": "0", "--1": NO, "+-1": NO, "-+1": NO, "1-": NO, "1+": NO,
    "−1": "-1", "–1": "-1", "—1": "-1", "（1）": NO, "(1)": NO, "-1.50": "-1.5",
    # groups
    "1,234": "1234", "1,234.50": "1234.5", "12,345,678.90": "12345678.9", "1，234": "1234", "1,23": NO, "12,34": NO,
    "1,2345": NO, ",123": NO, "1,,234": NO, "1,234,": NO, "1,234.5,6": NO, "1_000": NO, "1'000": NO, "1 000": "1000",
    "1\u00a0000": "1000", "1\u3000000": "1000", "1.234,50": NO, "0,001": "1",
    # full width and other digits
    "１２３": "123", "１２３．５": "123.5", "－１": "-1", "１，２３４": "1234", "٣٤": NO, "۳۴": NO, "३४": NO, "๓๔": NO, "𝟑𝟒": NO, "²": NO,
    "½": NO, "①": NO, "Ⅻ": NO, "十二": NO, "一百": NO, "壹佰": NO, "1²": NO, "1٣": NO,
    # exponents, bases, words
    "1e3": NO, "1E3": NO, "1e1000": NO, "1e-3": NO, "1e400": NO, "0x10": NO, "0b1": NO, "0o7": NO, "1L": NO, "1f": NO, "1d": NO,
    "NaN": NO, "nan": NO, "sNaN": NO, "-NaN": NO, "NaN123": NO, "Infinity": NO, "-Infinity": NO, "inf": NO, "+inf": NO,
    "∞": NO, "null": NO, "None": NO, "true": NO, "undefined": NO, "#REF!": NO, "#DIV/0!": NO, "=1+1": NO, "@SUM(1)": NO,
    "1/2": NO, "1:2": NO, "12%": NO, "12‰": NO, "100％": NO, "¥12": NO, "￥12": NO, "$12": NO, "CNY12": NO, "12RMB": NO,
    # units
    "15.5万元": "155000", "15.5万": "155000", "1亿元": "100000000", "1亿": "100000000", "3千元": "3000", "2百万元": "2000000",
    "12元": "12", "12.345万元": "123450", "184.2236万元": "1842236", "1万万元": NO, "万元": NO, "12万人": NO, "12元整": NO,
    "99999999999万元": "999999999990000", "约12万元": NO, "≥12": NO, "12左右": NO, "12-15": NO, "12～15": NO, "0.00001万元": "0.1",
    "-3万元": "-30000", "０．５万元": "5000",
    # longer than any amount
    "1" * 18: NO, "1" * 19: NO, "1" * 61: NO, "0" * 59 + "1": NO, "9" * 5000: NO,
    # nothing at all
    "": None, " ": None, "-": None, "/": None, "—": None, "…": None, "\u3000": None,
}  # fmt: skip
"""Written → its amount in 元, ``NO``, or None where the cell says nothing."""


def amount(meaning: object) -> Decimal | None:
    """The amount in 元 with two places."""
    return None if meaning is None else Decimal(str(meaning)).quantize(Decimal("0.01"))


# ── characters ──────────────────────────────────────────────────────────────────────────────────

_C0 = [chr(n) for n in range(0x20)] + [chr(0x7F)]
_C1 = [chr(n) for n in range(0x80, 0xA0)]
_DIRECTION = [
    chr(n) for n in (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x061C)
]
_NONCHARACTERS = [
    chr(n) for n in (*range(0xFDD0, 0xFDF0), 0xFFFE, 0xFFFF, 0x1FFFE, 0x1FFFF, 0x10FFFE, 0x10FFFF)
]
_SURROGATES = [chr(n) for n in (0xD800, 0xDBFF, 0xDC00, 0xDFFF)] + ["\ud83d", "\ude00\ud83d"]
_UNSEEN = [
    chr(n)
    for n in (
        0xAD,
        0x200B,
        0x200C,
        0x200D,
        0x2060,
        0xFEFF,
        0x180E,
        0x034F,
        0x115F,
        0x3164,
        0xFFA0,
        0x2063,
        0xE0001,
        0xE0041,
    )
]
_SPACES = [
    chr(n)
    for n in (0xA0, 0x1680, 0x2000, 0x2003, 0x2009, 0x202F, 0x205F, 0x3000, 0x2028, 0x2029, 0x85)
]
_WORDS = [
    "Ａｂｃ", "ﬁﬂ", "㈱㍿", "㎡㎥", "豈更", "﨎", "辶⻌", "K\u212a", "ſ", "Å", "A\u030a", "e\u0301", "가", "\u1100\u1161", "ℌ𝕏𝖃",
    "аdmin", "раssword", "ΑΒΓ", "ᴀᴅᴍɪɴ", "𐌀𐌁", "𠀀𠮷", "\U0002f800", "👨‍👩‍👧‍👦", "🇨🇳", "👍🏽", "☃️", "z̷̡̛͉̪a̵̧l̸͜g̴͝o", "ก็็็็็", "नमस्ते", "مرحبا",
    "שלום", "\ue000私\uf8ff", "\U000f0000", "零〇○", "一—ー－", "曰日", "己已巳", "未末", "、，,،", "“”\"''", "〔2023〕12号", "％%﹪", "i\u0307İıI",
    "ǅ", "ß ẞ SS", "ﷺ", "﷽", "꧅", "𒐫", "\u0e33", "\u0378", "\U000e0100", "Ω Ω", "µ μ", "…", "\\u0000", "%00", "&#0;", "\\x00",
    "{{7*7}}", "${7*7}", "<b>粗</b>", "'; DROP TABLE x; --", "=1+1", "+1", "-1", "@x", "\t=1", "../../etc/passwd", "CON", "a\u0000b",
    "null", "undefined", "NaN", "true", "1e400", "０", "\u200b", "\u3000全角\u3000", " 前后 ", "行一\n行二", "行一\r\n行二", "列\t列", "行\r行",
]  # fmt: skip


def characters() -> list[str]:
    """Some 300 texts: each character of the odd kinds between two plain ones, and odd words."""
    single = [*_C0, *_C1, *_DIRECTION, *_NONCHARACTERS, *_SURROGATES, *_UNSEEN, *_SPACES]
    edges = [*_UNSEEN[:6], *_SPACES[:6], "\u0301", "\ufe0f"]
    return [
        *(f"甲{one}乙" for one in single),
        *(f"{one}甲" for one in edges),
        *(f"甲{one}" for one in edges),
        *_WORDS,
        *(word * 20 for word in _WORDS[:45]),
    ]


# ── JSON ────────────────────────────────────────────────────────────────────────────────────────

JSON: tuple[bytes, ...] = (
    b"", b" ", b"null", b"true", b"0", b"-0", b'""', b"[]", b"[[]]", b"[null]", b"{}", b"{", b"}", b"[", b'{"a"}', b'{"a":}',
    b"{'a':1}", b"{a:1}", b'{"a":1,}', b"[1,]", b'{"a":1}{"b":2}', b'{"a":1}//x', b"/**/{}", b"NaN", b"Infinity", b'{"a":NaN}',
    b'{"a":-Infinity}', b'{"fiscal_year":1e400}', b'{"fiscal_year":-1e400}', b'{"fiscal_year":1e-400}',
    b'{"fiscal_year":' + b"9" * 4000 + b"}", b'{"fiscal_year":' + b"9" * 5000 + b"}", b'{"fiscal_year":9223372036854775808}',
    b'{"fiscal_year":-9223372036854775809}', b'{"fiscal_year":2147483648}', b'{"fiscal_year":32768}', b'{"fiscal_year":2024.0}',
    b'{"fiscal_year":true}', b'{"fiscal_year":[2024]}', b'{"fiscal_year":{"$gt":0}}', b'{"fiscal_year":"2024"}',
    b'{"name":"\\u0000"}', b'{"name":"\\ud800"}', b'{"name":"\\udc00\\ud800"}', b'{"\\ud800":1}', b'{"\\u0000":1}', b'{"name":"\\uffff"}',
    b'{"name":"\x00"}', b'{"name":"\xff"}', b'{"name":"\xed\xa0\x80"}', b'{"name":"\xc0\x80"}', b'{"name":"\xf4\x90\x80\x80"}',
    b'\xef\xbb\xbf{"name":"x"}', '{"name":"x"}'.encode("utf-16"), '{"name":"x"}'.encode("utf-32"), b'{"name":"a","name":"b"}',
    b'{"unit":"x","unit":"y"}', b'{"name":' + b"[" * 50 + b"]" * 50 + b"}", b"[" * 21 + b"]" * 21, b"[" * 100000, b"[" * 100000 + b"]" * 100000,
    b'{"a":' * 1000 + b"1" + b"}" * 1000, b'{"name":"' + b"x" * 1000000 + b'"}', b'{"' + b"k" * 100000 + b'":1}',
    b'{"name":null}', b'{"name":1}', b'{"name":{}}', b'{"name":[]}', b'{"name":true}', b'{"__proto__":{"a":1}}', b'{"constructor":1}',
    b'{"__class__":"x"}', b'{"unit":null}', b'{"unit":0}', b'{"unit":"' + b"0" * 32 + b'"}', b'{"unit":"{00000000-0000-0000-0000-000000000000}"}',
    b'{"move":"submit","cells":[{"at":"\\ud800"}]}', b'{"move":"\\ud800"}', b'{"move":"submit","digest":"\\u0000"}', b'{"move":{"a":1}}',
    b'{"move":"return_to_clerk","cells":{"at":1}}', b'{"move":"return_to_clerk","cells":[[]]}', b'{"move":"return_to_clerk","cells":[null]}',
    b'{"points":"NaN","reason_code":"other","reason":"x"}', b'{"points":"sNaN","reason_code":"other","reason":"x"}',
    b'{"points":"-Infinity","reason_code":"other","reason":"x"}', b'{"points":1e400,"reason_code":"other","reason":"x"}',
    b'{"points":"1e400","reason_code":"other","reason":"x"}', b'{"points":1e-400,"reason_code":"other","reason":"x"}',
    b'{"points":"' + b"1" * 5000 + b'","reason_code":"other","reason":"x"}', b'{"opinion":"\\ud800"}', b'{"opinion":"\\u0000"}',
    b'{"objectives":["\\ud800"]}', b'{"objectives":[null,1,{}]}', b'{"objectives":{"0":"x"}}', b'{"indicators":[1]}', b'{"indicators":[[]]}',
    b'{"indicators":[{"name":"\\u0000"}]}', b'{"indicators":[{"points":NaN}]}', b'{"indicators":[{"points":1e400}]}', b'{"funds":[{"source":{}}]}',
    b'{"funds":[{"source":"\\ud800"}]}', b'{"goal_points":1e400}', b'{"goal_points":' + b"1" * 4000 + b"}", b'{"actuals":[{"seq":1e400}]}',
    b'{"actuals":[{"seq":' + b"9" * 4000 + b"}]}", b'{"actuals":[{"seq":-1}]}', b'{"execution":[]}', b'{"execution":"x"}', b'{"lines":"x"}',
    b'{"deadline":"9999-12-31T23:59:59Z"}', b'{"deadline":"0001-01-01T00:00:00+23:59"}', b'{"units":["x"]}', b'{"month":1e400}',
    b'{"paper":"evaluation","fiscal_year":2024,"title":"x","deadline":"9999-12-31T23:59:59-14:00","units":["00000000-0000-0000-0000-000000000000"]}',
    b'{"paper":"evaluation","fiscal_year":99999999999999999999,"title":"x","deadline":"2098-01-01T00:00:00Z","units":["UNIT"]}',
    b'{"paper":"evaluation","fiscal_year":2024,"title":"\\u0007","deadline":"0001-01-01T00:00:00+23:59","units":["UNIT"]}',
    b'{"paper":"evaluation","fiscal_year":2024,"title":"x","deadline":"9999-12-31T23:59:59-23:59","units":["UNIT"]}',
    b'{"paper":"monitoring","fiscal_year":2024,"month":99999999999,"title":"x","deadline":"2098-01-01T00:00:00Z","units":["UNIT"]}',
    b'{"paper":"evaluation","fiscal_year":2024,"title":"x","ruleset":"../../etc/passwd","deadline":"2098-01-01T00:00:00Z","units":["UNIT"]}',
    b'{"unit":"UNIT","name":"x","code":"\\ud800"}', b'{"unit":"UNIT","name":"\\u0000"}', b'{"unit":"UNIT","name":"   "}',
    b'{"unit":"UNIT","name":"\\ufffe"}', b'{"project":"PROJECT","fiscal_year":-1}', b'{"project":"PROJECT","fiscal_year":2024,"task":"x"}',
)  # fmt: skip
"""Bodies that mean nothing, too much, or two things. UNIT and PROJECT stand for real ids."""

# ── payloads ────────────────────────────────────────────────────────────────────────────────────

_SQL = [
    "'", "''", '"', "`", "\\", "'--", "'#", "';--", "' OR '1'='1", "' OR 1=1--", '" OR ""="', "') OR ('1'='1", "1 OR 1=1", "1' OR '1'='1' --",
    "admin'--", "' UNION SELECT NULL--", "' UNION SELECT 1,2,3--", "' UNION ALL SELECT username, password FROM budgets_user--",
    "1; DROP TABLE budgets_user", "'; DROP TABLE budgets_user; --", "'; SELECT pg_sleep(5)--", "1 AND (SELECT pg_sleep(5))", "1||pg_sleep(5)",
    "' AND 1=CAST((SELECT version()) AS int)--", "' AND EXTRACTVALUE(1,1)--", "1) OR (1=1", "1)) UNION SELECT 1--", "-1 UNION SELECT 1",
    "1 ORDER BY 1", "1 ORDER BY 99", "1 GROUP BY 1 HAVING 1=1", "1 LIMIT 1 OFFSET 1", "1/**/OR/**/1=1", "1%09OR%091=1", "1\nOR\n1=1",
    "id", "-id", "?", "id,name", "id;--", "id) --", "(CASE WHEN 1=1 THEN id ELSE name END)", "(SELECT 1)", "id ASC", "id DESC NULLS LAST", "1,2",
    "user__password", "department__name", "unit__department__name", "project__name__regex", "password__startswith", "__class__", "pk__gt",
    "_connector", "_negated", "a.b", "a%b", "a__b__c__d", "extra(select)", "RawSQL", "%s", "%(a)s", "%%", "%n%n%n", "{0}", "{}", "$1", "$$a$$",
    "E'\\x41'", "U&'\\0041'", "chr(65)", "0x41", "CHAR(65)", "current_setting('app.uid')", "set_config('app.uid','0',true)",
    "'; SET app.uid = 0; --", "'; RESET ROLE; --", "COPY budgets_user TO '/tmp/x'", "lo_import('/etc/passwd')",
]  # fmt: skip
_OTHER = [
    "<script>alert(1)</script>", "\"><svg onload=alert(1)>", "javascript:alert(1)", "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{% debug %}",
    "../../../etc/passwd", "..\\..\\x", "/etc/passwd", "file:///etc/passwd", "http://127.0.0.1/", "//elsewhere.example", "\\\\host\\share",
    ";id", "|id", "`id`", "$(id)", "&& id", "\r\nSet-Cookie: a=b", "%0d%0aX: y", "\x00", "%00", "a\x00b", "\x08", "\x1b[2J", "\ufffe", "\U0010ffff",
    "\u202e", "\u200b", "*", "*)(uid=*", "a" * 3000, "9" * 3000, "-1", "0", "1.5", "1e400", "NaN", "null", "true", "[]", "{}", "[object Object]",
    "undefined", "../", "./", ".", "..", "~", "^", "|", "&", "=", "+", ",", ";", ":", "@", "#", "!", "(", ")", "[", "]", "<", ">", " ", "\t",
    "00000000-0000-0000-0000-000000000000", "{00000000-0000-0000-0000-000000000000}", "urn:uuid:00000000-0000-0000-0000-000000000000",
    "0" * 32, "00000000-0000-0000-0000-00000000000g", "ffffffff-ffff-ffff-ffff-ffffffffffff", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
    "cD0yMDIz", "eyJpZCI6MX0=", "cj0x", "２０２４", "٢٠٢٤", "甲", "''||(SELECT 1)||''", "1;WAITFOR DELAY '0:0:5'", "sleep(5)", "benchmark(1,1)",
    "' AND '1'='2", "' XOR 1=1", "'||'1", "'+'1", "' LIKE '%", "%' --", "_", "%", "\\%", "a:b", "a=b", "a,b", "a;b", "a|b", "a&b", "a b", "a+b", "a/b", "a\\b", "a'b", 'a"b', "a`b", "a<b", "a>b", "a(b", "a)b",
    "a[b", "a]b", "a{b", "a}b", "a!b", "a@b", "a#b", "[a-z]", "(a+)+$", "^(a|a)*$", "\\d+",
]  # fmt: skip
PAYLOADS = tuple(dict.fromkeys([*_SQL, *_OTHER]))
"""Two hundred things to put where a value is expected."""
