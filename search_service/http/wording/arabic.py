"""What the pages say in Arabic."""

from __future__ import annotations

from search_service.advice import Reason

__all__ = [
    "COMMA",
    "ERRORS",
    "MONTHS",
    "NOUNS",
    "REASONS",
    "TEXTS",
    "UNFORESEEN",
    "WARNINGS",
    "form_of",
]

TEXTS = {
    "name": "منشود",
    "tagline": "بحث يفهم العربية",
    "title": "{query} – منشود",
    "skip": "إلى المحتوى",
    "other_language": "English",
    "api": "واجهة البرمجة",
    "home": "إلى صفحة البحث",
    # The box
    "box": "نص البحث",
    "placeholder": "اكتب ما تبحث عنه",
    "search": "ابحث",
    "all_words": "كل الكلمات",
    "suggestions": "اقتراحات البحث",
    "suggested_none": "لا اقتراحات.",
    "suggested_one": "اقتراح واحد. الأسهم للتنقل، وEnter للاختيار.",
    "suggested_some": "الاقتراحات: {number}. الأسهم للتنقل، وEnter للاختيار.",
    "kind_title": "وثيقة",
    "too_long": "قُصّ النص عند {most} حرف، وهو أقصى ما يسعه الصندوق.",
    # The first page
    "holding": "في الفهرس {documents}، وكل ما فيها قابل للبحث.",
    "advice": "لا حاجة إلى التشكيل، ويجد البحث صيغ الكلمة كلها.",
    "advice_phrase": "كلمات متتابعة",
    "advice_without": "كلمة دون أخرى",
    "advice_start": "كل ما يبدأ هكذا",
    "advice_title": "في العنوان",
    "advice_heading": "لبحث أدقّ",
    "empty": "الفهرس ما زال فارغًا",
    "empty_how": "املأه بمستنداتك من سطر الأوامر، ثم أعد تحميل الصفحة؛ ولا حاجة إلى إعادة التشغيل.",
    "empty_formats": "تُقرأ ملفات txt وmd وhtml وjson وjsonl وcsv وtsv في المجلد وما تحته.",
    # Results
    "results": "النتائج",
    "seconds": "في {seconds} ثانية",
    "meant": "هل تقصد:",
    "searched_too": "بُحث أيضًا عن:",
    "only_mine": "ابحث عن كلماتي وحدها",
    "searched_only": "بُحث عن كلماتك وحدها.",
    "also_others": "ابحث أيضًا عن أسماء أخرى لها",
    "legend": "ألوان المطابقة",
    "tier_exact": "كما كُتبت",
    "tier_same": "الكلمة نفسها بصيغة أخرى",
    "tier_related": "كلمة قريبة",
    "warnings": "ملاحظات على الاستعلام",
    "source": "المصدر",
    "date": "التاريخ",
    "tags": "الوسوم",
    # Narrowing
    "narrow": "تضييق النتائج",
    "facet_tags": "الوسم",
    "facet_source": "المصدر",
    "facet_year": "السنة",
    "facet_language": "اللغة",
    "more_values": "المزيد",
    "others": "وغيرها: {number}",
    "filters": "القيود",
    "remove_filter": "أزل القيد:",
    "clear_filters": "أزل القيود كلها",
    "range": "من {since} إلى {until}",
    "range_since": "منذ {since}",
    "range_until": "حتى {until}",
    "dates": "المدة",
    "since": "من",
    "until": "إلى",
    "apply": "طبّق",
    "sort": "الترتيب",
    "sort_relevance": "الأقرب",
    "sort_newest": "الأحدث",
    "sort_oldest": "الأقدم",
    "sort_id": "بالمعرّف",
    # Pages of results
    "pages": "صفحات النتائج",
    "page": "الصفحة {number}",
    "previous": "السابقة",
    "next": "التالية",
    "past_the_end": "لا نتائج في هذه الصفحة.",
    "first_page": "إلى الصفحة الأولى",
    # Nothing found
    "nothing": "لم نجد ما يطابق {query}",
    "nothing_at_all": "لا وثيقة تستوفي هذه القيود",
    "nothing_advice": "جرّب كلمات أقل أو أعمّ.",
    "nothing_any": "جرّب كلمات أقل أو أعمّ، أو لا تشترط كل الكلمات.",
    "without_filters": "بلا القيود: {results}",
    "relaxed": "لكنّا نجد بشروط أقل:",
    "words_alone": "كل كلمة وحدها:",
    # A document
    "back": "عودة إلى النتائج",
    "matches": "مواضع المطابقة",
    "place": "الموضع {number} من {total}",
    "no_match": "لا تظهر كلمات البحث في نص هذه الوثيقة.",
    "previous_match": "الموضع السابق",
    "next_match": "الموضع التالي",
    "first_match": "إلى أول موضع",
    "similar": "وثائق مشابهة",
    "untitled": "(بلا نص)",
    # Errors
    "error": "تعذّر ذلك",
    "request_id": "رقم الطلب: {id}",
    "request_id_use": "إن تكرّر الخطأ فأخبر القائمين على الخدمة بهذا الرقم، فبه يجدون السبب.",
    "without_that": "ابحث من دونه",
    "fault_page": "رقم الصفحة {value} غير مفهوم؛ الصفحات أعداد تبدأ من 1.",
    "fault_size": "عدد النتائج في الصفحة {value} غير مقبول؛ المقبول من 1 إلى 100.",
    "fault_match": "لا معنى للقيمة {value} هنا؛ "
    "إمّا <bdi>any</bdi> لأي كلمة وإمّا <bdi>all</bdi> لكل الكلمات.",
    "fault_exact": "لا معنى للقيمة {value} هنا؛ إمّا <bdi>true</bdi> وإمّا <bdi>false</bdi>.",
    "fault_sort": "لا ترتيب باسم {value}؛ المعروف: "
    "<bdi>relevance</bdi> و<bdi>date</bdi> و<bdi>-date</bdi> و<bdi>id</bdi> و<bdi>-id</bdi>.",
    "fault_from": "بداية المدة {value} ليست تاريخًا؛ اكتبها مثل 2020-06-15.",
    "fault_to": "نهاية المدة {value} ليست تاريخًا؛ اكتبها مثل 2020-06-15.",
    "fault_range": "المدة {value} تنتهي قبل أن تبدأ.",
    "fault_filter": "القيد {value} غير مفهوم؛ "
    "يُكتب القيد مثل <bdi>tags:سياسة</bdi> أو <bdi>year:2020</bdi>.",
    "fault_filters": "القيود أكثر مما يُقبل.",
    "fault_other": "في الطلب ما لا يُفهم: {value}",
}

ERRORS = {
    "no-page": "لا صفحة بهذا العنوان.",
    "document-not-found": "لا توجد وثيقة بهذا المعرّف.",
    "index-unavailable": "تعذّرت قراءة الفهرس الآن. حاول مرة أخرى بعد قليل.",
    "index-mismatch": "يجب أن يُعاد بناء الفهرس قبل البحث فيه.",
    "index-locked": "الفهرس قيد التحديث. حاول مرة أخرى بعد لحظات.",
    "query-syntax": "في الاستعلام ما لا يُفهم.",
    "validation": "في الطلب ما لا يُفهم.",
}
UNFORESEEN = "حدث خطأ لم يكن في الحسبان."

WARNINGS = {
    "bad-date": "تاريخ غير مفهوم، أو مدة تنتهي قبل أن تبدأ.",
    "empty-group": "قوسان بلا كلمات بينهما.",
    "empty-phrase": "علامتا اقتباس بلا كلمات بينهما.",
    "expansion-cut": "يقابل كلمات كثيرة، فبُحث عن أكثرها ورودًا وحدها.",
    "ignored-suffix": "لا معنى لهذه اللاحقة هنا فأُهملت.",
    "lone-operator": "رابط لا يجد ما يربطه.",
    "no-range": "لا مدى لقيم هذا الحقل.",
    "no-text-field": "لا يقبل هذا الحقل إلا قيمًا كاملة.",
    "no-value": "لا كلمة في قيمة هذا الحقل.",
    "no-words": "لا كلمة في هذا الاستعلام.",
    "number-out-of-range": "عدد خارج الحدود المسموح بها.",
    "too-deep": "أقواس متداخلة أكثر مما يُسمح به.",
    "too-many-marks": "كلمات مشكولة كثيرة، فلم يُلتفت إلى التشكيل إلا في أولاها.",
    "too-many-patterns": "كلمات كثيرة فيها * أو ? أو ~، فبُحث عن أولاها وحدها.",
    "too-many-words": "الاستعلام طويل، فبُحث عن كلماته الأولى وحدها.",
    "unbalanced-parenthesis": "قوس لا يقابله قوس.",
    "unbalanced-quote": "علامة اقتباس لم تُغلق.",
    "unknown-field": "لا حقل بهذا الاسم.",
}

REASONS = {
    Reason.WITHOUT_EXACT: "بأسماء أخرى للكلمات أيضًا",
    Reason.WITHOUT_NARROWING: "بلا تضييق للنتائج",
    Reason.NEAR: "وبين الكلمات غيرها",
    Reason.NOT_EXACT: "بأي رسم وأي صيغة",
    Reason.LONGER_WORDS: "بكلمات أطول تبدأ هكذا",
    Reason.MORE_EDITS: "بفرق حرفين",
    Reason.WITHOUT_FIELD: "في العنوان والنص",
    Reason.WITHOUT_EXCLUDED: "دون استبعاد شيء",
    Reason.WITHOUT_FILTER: "بقيد أقل",
    Reason.WITHOUT_FILTERS: "بلا قيود",
    Reason.WITHOUT_QUOTES: "بلا علامتي الاقتباس",
    Reason.ANY_WORD: "بأي كلمة من الكلمات",
    Reason.TOGETHER: "بأي كلمة منها وبلا أي شرط",
}

# None, one, two, the plural of 3-10, the singular of the rest.
NOUNS = {
    "results": ("لا نتائج", "نتيجة واحدة", "نتيجتان", "نتائج", "نتيجة"),
    "documents": ("لا وثائق", "وثيقة واحدة", "وثيقتان", "وثائق", "وثيقة"),
    "places": ("لا مواضع", "موضع واحد", "موضعان", "مواضع", "موضعًا"),
}

MONTHS = (
    *("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو"),
    *("يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"),
)

COMMA = "، "


def form_of(number: int) -> int:
    """Return which form of a noun stands with a number; the first three say the number, too."""
    if number < 3:
        return number
    return 3 if 3 <= number % 100 <= 10 else 4
