"""Words of reports and of the command line, in English and Vietnamese.

One place for every word that a person reads, so that a page is whole in either language. Names from
data are never translated; labels by language are the funnel's own.
"""

from __future__ import annotations

from typing import Final

from .errors import InvalidValueError

LANGUAGES: Final = ("en", "vi")

_WORDS: Final[dict[str, dict[str, str]]] = {
    # headings
    "funnel": {"en": "Funnel", "vi": "Phễu"},
    "owner_ledger": {"en": "Who owns what, and who loses what", "vi": "Ai phụ trách gì, ai đánh rơi gì"},
    "hand_offs": {"en": "Hand-offs between owners", "vi": "Bàn giao giữa các bên"},
    "below_reference": {
        "en": "Furthest below their reference (what reaching it would be worth)",
        "vi": "Thấp hơn mức tham chiếu nhiều nhất (giá trị nếu đạt mức đó)",
    },
    "notes": {"en": "What the data does not say", "vi": "Điều dữ liệu chưa cho biết"},
    "totals": {"en": "In all", "vi": "Tổng cộng"},
    "issues": {"en": "To look at", "vi": "Cần xem lại"},
    "outcomes": {"en": "How journeys end", "vi": "Hành trình kết thúc ra sao"},
    "by_segment": {"en": "By segment", "vi": "Theo nhóm"},
    "by_channel": {"en": "By channel", "vi": "Theo kênh"},
    # columns
    "segment": {"en": "segment", "vi": "nhóm"},
    "channel": {"en": "channel", "vi": "kênh"},
    "no_channel": {"en": "(no channel)", "vi": "(không rõ kênh)"},
    "stage": {"en": "stage", "vi": "giai đoạn"},
    "owner": {"en": "owner", "vi": "phụ trách"},
    "unit": {"en": "unit", "vi": "đơn vị"},
    "visits": {"en": "visits", "vi": "lượt"},
    "conversion": {"en": "reach a win", "vi": "tới được đơn"},
    "next_rate": {"en": "go on", "vi": "đi tiếp"},
    "lost": {"en": "lost", "vi": "rơi rụng"},
    "dwell_mean": {"en": "days", "vi": "số ngày"},
    "cost": {"en": "cost", "vi": "chi phí"},
    "value": {"en": "value", "vi": "giá trị"},
    "received": {"en": "received", "vi": "nhận"},
    "passed_on": {"en": "passed on", "vi": "chuyển tiếp"},
    "screened": {"en": "screened out", "vi": "loại đúng"},
    "open": {"en": "open", "vi": "còn mở"},
    "waiting_days": {"en": "waiting days", "vi": "ngày chờ"},
    "from": {"en": "from", "vi": "từ"},
    "to": {"en": "to", "vi": "đến"},
    "giver": {"en": "giver", "vi": "bên giao"},
    "receiver": {"en": "receiver", "vi": "bên nhận"},
    "volume": {"en": "volume", "vi": "số lượng"},
    "breach": {"en": "late", "vi": "trễ hạn"},
    "recoverable": {"en": "recoverable", "vi": "có thể lấy lại"},
    "low": {"en": "low", "vi": "thấp"},
    "high": {"en": "high", "vi": "cao"},
    "outcome": {"en": "outcome", "vi": "kết cục"},
    "kind": {"en": "kind", "vi": "loại"},
    "probability": {"en": "share", "vi": "tỷ lệ"},
    "count": {"en": "count", "vi": "số"},
    "lost_of": {"en": "lost ({owner})", "vi": "rơi rụng ({owner})"},
    "chance": {"en": "within chance", "vi": "trong mức ngẫu nhiên"},
    "yes": {"en": "yes", "vi": "có"},
    "no": {"en": "no", "vi": "không"},
    "rate": {"en": "go on", "vi": "đi tiếp"},
    "reference_rate": {"en": "reference", "vi": "tham chiếu"},
    # totals
    "entrants": {"en": "entrants", "vi": "người vào"},
    "wins": {"en": "wins", "vi": "đơn thành công"},
    "revenue": {"en": "revenue", "vi": "doanh thu"},
    "profit": {"en": "profit", "vi": "lợi nhuận"},
    "days_to_win": {"en": "days to a win", "vi": "ngày đến khi thành công"},
    "cost_per_win": {"en": "cost per win", "vi": "chi phí mỗi đơn"},
    # outcome kinds
    "won": {"en": "won", "vi": "thành công"},
    "silent": {"en": "silent", "vi": "im lặng"},
    "drop_off": {"en": "drop-off", "vi": "bỏ giữa chừng"},
    "unowned": {"en": "unowned", "vi": "chưa ai phụ trách"},
    "Company": {"en": "Company", "vi": "Công ty"},
    "Outside": {"en": "Outside", "vi": "Bên ngoài"},
    "nobody": {"en": "nobody", "vi": "chưa ai"},
    # units
    "days_short": {"en": "d", "vi": "ngày"},
    "hours_short": {"en": "h", "vi": "giờ"},
    # sentences
    "basis": {
        "en": "Eventual results of the entrants of one {period}. Money in {currency}.",
        "vi": "Kết quả cuối cùng của những người vào trong một {period}. Tiền tính bằng {currency}.",
    },
    "basis_no_currency": {
        "en": "Eventual results of the entrants of one {period}.",
        "vi": "Kết quả cuối cùng của những người vào trong một {period}.",
    },
    "no_reference": {
        "en": "No reference was given, so nothing is said about what could be recovered (--reference FILE).",
        "vi": "Chưa có mức tham chiếu, nên không nói được có thể lấy lại bao nhiêu (--reference TỆP).",
    },
    "other_reference": {
        "en": "None of these stages is in the reference, so nothing is said about what could be recovered.",
        "vi": "Không giai đoạn nào có trong mức tham chiếu, nên không nói được có thể lấy lại bao nhiêu.",
    },
    "none_below": {
        "en": "No stage is below its reference.",
        "vi": "Không giai đoạn nào thấp hơn mức tham chiếu.",
    },
    "no_hand_offs": {"en": "No transition changes owner.", "vi": "Không có bước nào đổi bên phụ trách."},
    "accounting": {
        "en": "This is an accounting of the difference, not proof of cause.",
        "vi": "Đây là phép tính chênh lệch, không phải bằng chứng về nguyên nhân.",
    },
    "assumed": {
        "en": "{share} of what profit reacts to rests on assumptions.",
        "vi": "{share} những gì chi phối lợi nhuận dựa trên giả định.",
    },
    "all_open": {
        "en": (
            "{where}: everybody who came is still there; where they go is not known, "
            "and counts as a drop-off here"
        ),
        "vi": "{where}: ai đến cũng còn ở đó; chưa biết họ sẽ đi đâu, ở đây tính là bỏ giữa chừng",
    },
    "channels_share_rates": {
        "en": (
            "Channels that enter at one stage share its rates here; a table with --segment COLUMN "
            "tells them apart."
        ),
        "vi": (
            "Các kênh vào cùng một giai đoạn có chung tỷ lệ ở đây; một bảng với --segment CỘT "
            "sẽ tách riêng từng kênh."
        ),
    },
    "counted_in_wins": {
        "en": "What is recoverable is counted in wins, since no amounts were given.",
        "vi": "Phần có thể lấy lại được tính bằng số đơn thành công, vì chưa có số tiền.",
    },
    "no_values": {
        "en": "No amounts were given (--amount COLUMN), so there is no revenue or profit to show.",
        "vi": "Chưa có số tiền (--amount CỘT), nên không có doanh thu hay lợi nhuận để trình bày.",
    },
    "no_amount_known": {
        "en": "No win has an amount, so there is no revenue or profit to show.",
        "vi": "Chưa đơn thành công nào có số tiền, nên không có doanh thu hay lợi nhuận để trình bày.",
    },
    "no_costs": {
        "en": "No costs were given (--cost COLUMN), so there is no profit or cost per win to show.",
        "vi": "Chưa có chi phí (--cost CỘT), nên không có lợi nhuận hay chi phí mỗi đơn để trình bày.",
    },
    "open_left_out": {
        "en": (
            "{open} of {journeys} journeys are still open. They are left out of the rates, and taken to end "
            "as the others did."
        ),
        "vi": (
            "{open} trong {journeys} hành trình còn mở. Chúng không tính vào tỷ lệ, và được coi như sẽ kết "
            "thúc giống các hành trình khác."
        ),
    },
    "counted_so_far": {
        "en": "Counted so far: {wins} won. With --open lost, open journeys count as lost.",
        "vi": "Đã đếm đến nay: {wins} đơn thành công. Với --open lost, hành trình còn mở tính là rơi rụng.",
    },
    "counted_so_far_with_revenue": {
        "en": (
            "Counted so far: {wins} won, {revenue} revenue. With --open lost, open journeys count as lost."
        ),
        "vi": (
            "Đã đếm đến nay: {wins} đơn thành công, doanh thu {revenue}. Với --open lost, hành trình còn mở "
            "tính là rơi rụng."
        ),
    },
    "open_as_lost": {
        "en": "{open} of {journeys} journeys are still open; they count as lost here.",
        "vi": "{open} trong {journeys} hành trình còn mở; ở đây tính là rơi rụng.",
    },
    "near_owner": {
        "en": "the owner {one} is nearly {other}: if they are one, spell them alike",
        "vi": "bên phụ trách {one} gần giống {other}: nếu là một thì hãy viết giống nhau",
    },
    "same_column": {
        "en": "the stages {one} and {other} have one column, {column}",
        "vi": "hai giai đoạn {one} và {other} dùng chung một cột, {column}",
    },
    "unused_reason": {
        "en": "no journey was lost for the reason {one}; did you mean {near}?",
        "vi": "không hành trình nào rơi rụng vì lý do {one}; có phải là {near}?",
    },
    "unused_status": {
        "en": "no row has the status {one}; did you mean {near}?",
        "vi": "không dòng nào có trạng thái {one}; có phải là {near}?",
    },
    "nobody_lost": {
        "en": (
            "nothing says who was lost, so every journey that ended is a win; name the column that does "
            "(--lost, --status or --lost-at)"
        ),
        "vi": (
            "không có gì cho biết ai rơi rụng, nên mọi hành trình đã kết thúc đều là đơn thành công; hãy nêu "
            "cột cho biết điều đó (--lost, --status hoặc --lost-at)"
        ),
    },
    "demo_intro": {
        "en": (
            "A sandal shop, one week (made data): {reach} people reached, {likes} likes, {shares} shares and "
            "{comments} comments.\nLikes, shares and comments overlap: they came from {people} people. "
            "The plan was {buyers} buyers and {target} VND."
        ),
        "vi": (
            "Một cửa hàng dép, một tuần (dữ liệu tạo sẵn): tiếp cận {reach} người, {likes} lượt thích, "
            "{shares} lượt chia sẻ và {comments} bình luận.\nThích, chia sẻ và bình luận trùng nhau: "
            "chúng đến từ {people} người. Kế hoạch là {buyers} người mua và {target} VND."
        ),
    },
    "demo_result": {
        "en": "The week's table leads to {wins} buyers and {revenue} VND: {gap} VND short of the plan.",
        "vi": "Số liệu tuần này dẫn đến {wins} người mua và {revenue} VND: thiếu {gap} VND so với kế hoạch.",
    },
    "written": {"en": "Wrote {path}.", "vi": "Đã ghi {path}."},
    "placeholders": {
        "en": "All its numbers are placeholders: put your own in before you draw a conclusion.",
        "vi": "Mọi con số đều là số giữ chỗ: hãy thay bằng số của bạn trước khi kết luận.",
    },
    "template": {"en": "template", "vi": "mẫu"},
    "period": {"en": "period", "vi": "kỳ"},
    "week": {"en": "week", "vi": "tuần"},
    "month": {"en": "month", "vi": "tháng"},
    "table": {"en": "table", "vi": "bảng"},
}

#: What the notes of a fit say, by their code; the English sentence comes with the note.
_NOTES_VI: Final[dict[str, str]] = {
    "after_outcome": "sự kiện hoặc ngày sau khi hành trình đã kết thúc; bỏ qua",
    "after_until": "ngày sau mốc `until`; lúc đó chưa biết nên không tính",
    "already_closed": "dòng của hành trình đã kết thúc ở đợt trước; bỏ qua",
    "duplicate_journey": "dòng lặp lại của cùng một hành trình; tính dòng đầu",
    "first_stage_missing": "hành trình thiếu ngày của giai đoạn đầu; tính từ ngày đầu tiên có được",
    "lost_after_until": "mất khách sau mốc `until`; lúc đó còn mở",
    "lost_and_won": "hành trình có lý do mất khách nhưng đã tới đích; tính là tới đích",
    "lost_at_not_lost": ("có ngày mất khách nhưng không có gì khác cho biết đã mất; không tính là mất"),
    "lost_before_stage": "ngày mất khách trước giai đoạn cuối; tính là mất, không rõ thời gian chờ",
    "lost_undated": "mất khách không có ngày; không rõ thời gian chờ",
    "no_dates": "dòng không có ngày nào; không thành hành trình",
    "no_stage": "sự kiện không có giai đoạn; không tính",
    "no_time": "sự kiện không có thời điểm; không tính",
    "open": "hành trình còn mở",
    "out_of_order": (
        "giai đoạn ghi ngày trước giai đoạn đứng trước nó; tính theo thứ tự giai đoạn, không rõ thời gian chờ"
    ),
    "reason_missing": "mất khách không ghi lý do",
    "reason_unmapped": "mất khách với lý do chưa gán cho ai",
    "segment_changed": "sự kiện ở nhóm khác với nhóm đầu tiên của hành trình; tính nhóm đầu",
    "segment_missing": "hành trình không thuộc nhóm nào; ghi vào (none)",
    "silent": "hành trình im lặng: không có tin gì",
    "skipped_stage": "bước nhảy qua giai đoạn không có ngày; tính từ giai đoạn cuối đã tới",
    "status_other": "hành trình có trạng thái không nói rõ; các ngày quyết định",
    "status_over_date": "đã ghi ngày tới đích nhưng trạng thái nói khác; tính theo trạng thái",
    "ties": "sự kiện liền nhau cùng một thời điểm, xếp theo cách đã chọn",
    "ties_between_stages": "trong đó giữa các giai đoạn khác nhau: thứ tự khác là nhật ký khác",
    "unordered": "dòng đứng trước một sự kiện sớm hơn của cùng hành trình; đã xếp theo thời gian",
    "without_outcome": "hành trình kết thúc mà không có kết cục; tính là bỏ giữa chừng",
    "won_undated": "trạng thái nói đã thành công nhưng không có ngày; không rõ thời gian chờ",
}

#: What validation warns of, by its code; the English sentence comes with the issue.
_ISSUES_VI: Final[dict[str, str]] = {
    "ambiguous_name": "một giai đoạn hoặc kết cục cũng mang tên này",
    "duplicate_involved": "một bên cùng tham gia được ghi hai lần",
    "empty_name": "có tên để trống",
    "interval_outside_range": "khoảng tin cậy vượt ra ngoài giới hạn cho phép",
    "no_entry": "không có ai vào: chưa có nguồn vào nào",
    "no_volume": "không có ai vào: mọi số lượng vào đều là 0",
    "observed_above_entered": "số lượt đi qua nhiều hơn số lượt đã vào giai đoạn trước",
    "source_by_nobody": "con số không ghi do ai đưa ra",
    "unit_change": "đơn vị thay đổi ở bước này: tỷ lệ không phải phần của cùng một thứ",
    "unowned_stage": "giai đoạn chưa ai phụ trách",
    "unreachable_outcome": "không nguồn vào nào dẫn tới đây với tỷ lệ trên 0",
    "unreachable_stage": "không nguồn vào nào dẫn tới đây với tỷ lệ trên 0",
    "value_outside_interval": "giá trị nằm ngoài khoảng của chính nó",
}

#: How the place of an issue begins.
_PLACES_VI: Final[dict[str, str]] = {
    "entry": "nguồn vào",
    "funnel": "phễu",
    "influence of": "ảnh hưởng của",
    "lever": "đòn bẩy",
    "outcome": "kết cục",
    "owner": "bên phụ trách",
    "stage": "giai đoạn",
    "transition": "bước",
    "view": "góc nhìn",
}


def issue(code: str, where: str, message: str, language: str = "en") -> str:
    """Return the place and the sentence of what validation warns of.

    Parameters
    ----------
    code, where, message : str
        As an :class:`~funnelgraph.errors.Issue` has them.
    language : {"en", "vi"}
        `message` itself in English, and where there is no sentence in Vietnamese.

    Returns
    -------
    str
    """
    if check_language(language) == "en":
        return f"{where}: {message}"
    for place, translated in _PLACES_VI.items():
        if where == place or where.startswith(f"{place} "):
            where = translated + where[len(place) :]
            break
    return f"{where}: {_ISSUES_VI.get(code, message)}"


def note(code: str, message: str, count: int, language: str = "en") -> str:
    """Return the sentence of a fit's note.

    Parameters
    ----------
    code, message : str
        As the notes have them.
    count : int
    language : {"en", "vi"}
        `message` itself in English, and where there is no sentence in Vietnamese.

    Returns
    -------
    str
    """
    if check_language(language) == "vi" and code in _NOTES_VI:
        return f"{_NOTES_VI[code]}: {count:,}".replace(",", ".")
    return message.removesuffix(str(count)) + f"{count:,}" if message.endswith(f": {count}") else message


def check_language(language: str) -> str:
    """Return `language` if it is known; InvalidValueError with what is allowed otherwise."""
    if language not in LANGUAGES:
        raise InvalidValueError("language", language, " or ".join(LANGUAGES))
    return language


def word(key: str, language: str = "en", **values: object) -> str:
    """Return the word or sentence `key` in a language, with its blanks filled in.

    Parameters
    ----------
    key : str
        A key of the dictionary above; an unknown key is returned as it is (names from data).
    language : {"en", "vi"}
    **values
        What stands in the braces of a sentence.
    """
    entry = _WORDS.get(key)
    text = key if entry is None else entry[check_language(language)]
    return text.format(**values) if values else text
