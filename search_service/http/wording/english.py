"""What the pages say in English."""

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
    "name": "Manshud",
    "tagline": "Search that understands Arabic",
    "title": "{query} – Manshud",
    "skip": "Skip to the content",
    "other_language": "العربية",
    "api": "API",
    "home": "To the search page",
    # The box
    "box": "Search for",
    "placeholder": "What are you looking for?",
    "search": "Search",
    "all_words": "All of the words",
    "suggestions": "Suggestions",
    "suggested_none": "No suggestions.",
    "suggested_one": "One suggestion. Arrows to move, Enter to choose.",
    "suggested_some": "{number} suggestions. Arrows to move, Enter to choose.",
    "kind_title": "Document",
    "too_long": "Cut at {most} characters, which is all that the box holds.",
    # The first page
    "holding": "The index holds {documents}; all of their text can be searched.",
    "advice": "Diacritics are not needed, and a word is found in all its forms.",
    "advice_phrase": "Words in this order",
    "advice_without": "One word without another",
    "advice_start": "Whatever begins like this",
    "advice_title": "In the title",
    "advice_heading": "To be more precise",
    "empty": "The index is still empty",
    "empty_how": "Fill it with your documents on the command line, then load this page again; "
    "the server need not be restarted.",
    "empty_formats": "Files in txt, md, html, json, jsonl, csv and tsv are read, in the folder "
    "and below it.",
    # Results
    "results": "Results",
    "seconds": "in {seconds} seconds",
    "meant": "Did you mean:",
    "searched_too": "Searched too:",
    "only_mine": "Search for my words only",
    "searched_only": "Only your own words were searched.",
    "also_others": "Search for other names of them, too",
    "legend": "Colours of matches",
    "tier_exact": "as written",
    "tier_same": "the same word in another form",
    "tier_related": "a related word",
    "warnings": "Notes on the query",
    "source": "Source",
    "date": "Date",
    "tags": "Tags",
    # Narrowing
    "narrow": "Narrow the results",
    "facet_tags": "Tag",
    "facet_source": "Source",
    "facet_year": "Year",
    "facet_language": "Language",
    "more_values": "More",
    "others": "and {number} others",
    "filters": "Filters",
    "remove_filter": "Remove the filter:",
    "clear_filters": "Remove all filters",
    "range": "{since} to {until}",
    "range_since": "since {since}",
    "range_until": "until {until}",
    "dates": "Dates",
    "since": "From",
    "until": "To",
    "apply": "Apply",
    "sort": "Sort",
    "sort_relevance": "Best",
    "sort_newest": "Newest",
    "sort_oldest": "Oldest",
    "sort_id": "By id",
    # Pages of results
    "pages": "Pages of results",
    "page": "Page {number}",
    "previous": "Previous",
    "next": "Next",
    "past_the_end": "There are no results on this page.",
    "first_page": "To the first page",
    # Nothing found
    "nothing": "Nothing matches {query}",
    "nothing_at_all": "No document satisfies these filters",
    "nothing_advice": "Try fewer or more general words.",
    "nothing_any": "Try fewer or more general words, or do not ask for all of them.",
    "without_filters": "Without the filters: {results}",
    "relaxed": "Less strict searches find something:",
    "words_alone": "Each word alone:",
    # A document
    "back": "Back to the results",
    "matches": "Matches",
    "place": "Match {number} of {total}",
    "no_match": "The words of the query do not come in the text of this document.",
    "previous_match": "Previous match",
    "next_match": "Next match",
    "first_match": "To the first match",
    "similar": "Similar documents",
    "untitled": "(no text)",
    # Errors
    "error": "That did not work",
    "request_id": "Request id: {id}",
    "request_id_use": "If it happens again, tell this id to those who run the service: "
    "it leads them to the reason.",
    "without_that": "Search without it",
    "fault_page": "There is no page {value}: pages are numbers from 1.",
    "fault_size": "A page cannot hold {value} results: choose 1 to 100.",
    "fault_match": "{value} means nothing here: any for any of the words, all for all of them.",
    "fault_exact": "{value} means nothing here: true or false.",
    "fault_sort": "There is no order called {value}. Known: relevance, date, -date, id, -id.",
    "fault_from": "The first day, {value}, is no date: write it like 2020-06-15.",
    "fault_to": "The last day, {value}, is no date: write it like 2020-06-15.",
    "fault_range": "The range {value} ends before it begins.",
    "fault_filter": "The filter {value} cannot be understood: write it like tags:سياسة "
    "or year:2020.",
    "fault_filters": "There are too many filters.",
    "fault_other": "Something in the request cannot be understood: {value}",
}

ERRORS = {
    "no-page": "There is no page at this address.",
    "document-not-found": "There is no document with this id.",
    "index-unavailable": "The index cannot be read at the moment. Try again in a while.",
    "index-mismatch": "The index must be rebuilt before it can be searched.",
    "index-locked": "The index is being written. Try again in a moment.",
    "query-syntax": "Something in the query cannot be understood.",
    "validation": "Something in the request cannot be understood.",
}
UNFORESEEN = "Something failed that was not foreseen."

WARNINGS = {
    "bad-date": "Not a date, or a range that ends before it begins.",
    "empty-group": "Parentheses without words between them.",
    "empty-phrase": "Quotation marks without words between them.",
    "expansion-cut": "This stands for many words; only the most frequent were searched.",
    "ignored-suffix": "This suffix means nothing here and was left out.",
    "lone-operator": "An operator that has nothing to join.",
    "no-range": "This field has no ranges.",
    "no-text-field": "This field takes whole values only.",
    "no-value": "There is no word in the value of this field.",
    "no-words": "There is no word in this query.",
    "number-out-of-range": "A number out of bounds.",
    "too-deep": "Parentheses nested too deep.",
    "too-many-marks": "Many words with vowel marks; only those of the first count.",
    "too-many-patterns": "Many words with *, ? or ~; only the first were searched.",
    "too-many-words": "A long query; only its first words were searched.",
    "unbalanced-parenthesis": "A parenthesis without its partner.",
    "unbalanced-quote": "A quotation mark that is not closed.",
    "unknown-field": "There is no field of this name.",
}

REASONS = {
    Reason.WITHOUT_EXACT: "with other names of the words, too",
    Reason.WITHOUT_NARROWING: "without narrowing the results",
    Reason.NEAR: "with other words between",
    Reason.NOT_EXACT: "in any spelling and form",
    Reason.LONGER_WORDS: "with longer words that begin like this",
    Reason.MORE_EDITS: "with two letters different",
    Reason.WITHOUT_FIELD: "in title and text",
    Reason.WITHOUT_EXCLUDED: "without leaving anything out",
    Reason.WITHOUT_FILTER: "with one condition less",
    Reason.WITHOUT_FILTERS: "without conditions",
    Reason.WITHOUT_QUOTES: "without quotation marks",
    Reason.ANY_WORD: "with any of the words",
    Reason.TOGETHER: "with any of the words and no condition",
}

# None, one, the rest.
NOUNS = {
    "results": ("No results", "One result", "results"),
    "documents": ("no documents", "one document", "documents"),
    "places": ("No matches", "One match", "matches"),
}

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

COMMA = ", "


def form_of(number: int) -> int:
    """Return which form of a noun stands with a number; the first two say the number, too."""
    return min(number, 2)
