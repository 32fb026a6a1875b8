"""The Arabic sentences of the pages."""

from __future__ import annotations

from search_service.http.problems import Problem

__all__ = ["count", "error_sentence", "warning_sentence"]

_ERRORS = {
    "document-not-found": "لا توجد وثيقة بهذا المعرّف.",
    "index-unavailable": "تعذّرت قراءة الفهرس الآن. حاول مرة أخرى بعد قليل.",
    "index-mismatch": "يجب أن يُعاد بناء الفهرس قبل البحث فيه.",
    "index-locked": "الفهرس قيد التحديث. حاول مرة أخرى بعد لحظات.",
}
_UNFORESEEN = "حدث خطأ لم يكن في الحسبان."

_WARNINGS = {
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
    "too-many-patterns": "كلمات كثيرة فيها * أو ? أو ~، فبُحث عن أولاها وحدها.",
    "too-many-words": "الاستعلام طويل، فبُحث عن كلماته الأولى وحدها.",
    "unbalanced-parenthesis": "قوس لا يقابله قوس.",
    "unbalanced-quote": "علامة اقتباس لم تُغلق.",
    "unknown-field": "لا حقل بهذا الاسم.",
}

RESULTS = ("لا نتائج", "نتيجة واحدة", "نتيجتان", "نتائج", "نتيجة")
DOCUMENTS = ("لا وثائق", "وثيقة واحدة", "وثيقتان", "وثائق", "وثيقة")


def count(number: int, forms: tuple[str, str, str, str, str]) -> str:
    """Return a number with its noun: none, one, two, the plural of 3-10, the singular of the rest.

    >>> count(2, RESULTS), count(7, RESULTS), count(1250, RESULTS)
    ('نتيجتان', '7 نتائج', '1,250 نتيجة')
    """
    none, one, two, few, many = forms
    if number < 3:
        return (none, one, two)[number]
    return f"{number:,} {few if 3 <= number % 100 <= 10 else many}"


def error_sentence(problem: Problem) -> str:
    """Return what a reader is told of an error."""
    return _ERRORS.get(problem.kind or "", _UNFORESEEN)


def warning_sentence(code: str, message: str) -> str:
    """Return a warning about a query in Arabic; one that is not known here, as it came."""
    return _WARNINGS.get(code, message)
