from __future__ import annotations

import json
import sys
from math import log2
from pathlib import Path

import pytest

from search_service.errors import MissingPackage, SourceError
from search_service.evaluation import (
    METRICS,
    Collection,
    Evaluation,
    compare,
    evaluate,
    explain,
    indexed,
    means,
    measure,
    read_collection,
    read_run,
    require_measures,
    write_run,
)

DOCUMENTS = {
    "d1": ("القطار", "وصل القطار إلى المدينة في الصباح."),
    "d2": ("الميناء", "رست السفينة في الميناء عند الفجر."),
    "d3": ("", "كتب المعلم درسا عن السفينة والقطار."),
    "d4": ("الحديقة", "زرع البستاني شجرة الزيتون."),
}
QUERIES = {"q1": "قطار", "q2": "سفينة الميناء", "q3": "مطبخ", "q4": "زيتون"}
QRELS = "query-id\tcorpus-id\tscore\nq1\td3\t1\nq2\td2\t2\nq2\td3\t1\nq3\td4\t1\n"


def jsonl(*rows: object) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    corpus = [{"_id": d, "title": title, "text": text} for d, (title, text) in DOCUMENTS.items()]
    (tmp_path / "corpus.jsonl").write_text(jsonl(*corpus), encoding="utf-8")
    queries = [{"_id": query, "text": text} for query, text in QUERIES.items()]
    (tmp_path / "queries.jsonl").write_text(jsonl(*queries), encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text(QRELS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def collection(folder: Path) -> Collection:
    return read_collection(folder)


def ranked(*documents: str) -> list[tuple[str, float]]:
    return [(document, 9.0 - rank) for rank, document in enumerate(documents)]


# ---------------------------------------------------------------- reading


def test_a_collection_is_documents_queries_and_judgements(collection):
    assert [(d.id, d.title) for d in collection.documents] == [
        ("d1", "القطار"),
        ("d2", "الميناء"),
        ("d3", ""),
        ("d4", "الحديقة"),
    ]
    assert collection.judgements == {"q1": {"d3": 1}, "q2": {"d2": 2, "d3": 1}, "q3": {"d4": 1}}


def test_queries_without_judgements_do_not_count(collection):
    assert list(collection.queries) == ["q1", "q2", "q3"]


def test_judgements_may_lie_where_beir_puts_them(folder, collection):
    (folder / "qrels").mkdir()
    (folder / "qrels.tsv").rename(folder / "qrels" / "test.tsv")
    assert read_collection(folder) == collection


@pytest.mark.parametrize(
    "written",
    [
        QRELS.partition("\n")[2],
        QRELS.replace("\n", "\r\n"),
        "\ufeff" + QRELS,
        QRELS + "\n\n",
        QRELS + "q1\td3\t1\n",
    ],
    ids=["no heading", "windows line ends", "byte order mark", "blank lines", "said twice"],
)
def test_judgements_may_look_otherwise(folder, collection, written):
    (folder / "qrels.tsv").write_text(written, encoding="utf-8", newline="")
    assert read_collection(folder) == collection


def test_titles_may_be_missing_and_ids_may_be_numbers(folder):
    (folder / "corpus.jsonl").write_text(jsonl({"_id": 7, "text": "نص", "metadata": {}}))
    (folder / "qrels.tsv").write_text("q1\t7\t1\n")
    (document,) = read_collection(folder).documents
    assert (document.id, document.title, document.body) == ("7", "", "نص")


def test_a_document_may_be_empty(folder):
    with (folder / "corpus.jsonl").open("a", encoding="utf-8") as file:
        file.write(jsonl({"_id": "d5", "title": "", "text": ""}))
    collection = read_collection(folder)
    with indexed(collection) as service:
        assert evaluate(collection, service).documents == 5


@pytest.mark.parametrize(
    ("name", "written", "line", "reason"),
    [
        ("corpus.jsonl", '{"_id": "d1", "text": "نص"}\n{"_id"\n', 2, "bad JSON"),
        ("corpus.jsonl", '["d1"]\n', 1, "must be a JSON object"),
        ("corpus.jsonl", '{"_id": "d1"}\n', 1, "text: must be text"),
        ("corpus.jsonl", '{"_id": "d1", "text": "", "title": 3}\n', 1, "title: must be text"),
        ("corpus.jsonl", '{"text": "نص"}\n', 1, "_id: must be text, and not empty"),
        ("corpus.jsonl", '{"_id": "", "text": "نص"}\n', 1, "_id: must be text, and not empty"),
        ("corpus.jsonl", '{"_id": true, "text": "نص"}\n', 1, "_id: must be text, and not empty"),
        ("corpus.jsonl", '{"_id": "a", "text": ""}\n' * 2, 2, "the _id 'a' occurs twice"),
        ("corpus.jsonl", "[" * 100_000 + "\n", 1, "bad JSON"),
        ("corpus.jsonl", "", None, "empty"),
        ("queries.jsonl", '{"_id": "q1", "text": null}\n', 1, "text: must be text"),
        ("queries.jsonl", "q1\tنص\n", 1, "bad JSON"),
        ("queries.jsonl", "\n", None, "empty"),
        ("qrels.tsv", "q1\td1\t1\nq9\td1\t1\n", 2, "no query 'q9' in queries.jsonl"),
        ("qrels.tsv", "q1\td1\t1\n\nq1\td9\t0\n", 3, "no document 'd9' in corpus.jsonl"),
        ("qrels.tsv", "q1\td1\n", 1, "must have 3 columns"),
        ("qrels.tsv", "q1\t0\td1\t1\n", 1, "must have 3 columns"),
        ("qrels.tsv", "q1 d1 1\n", 1, "must have 3 columns"),
        ("qrels.tsv", "q1\td1\t1.5\n", 1, "the score must be a whole number, not '1.5'"),
        ("qrels.tsv", "q1\td1\tyes\n", 1, "the score must be a whole number, not 'yes'"),
        ("qrels.tsv", "q1\td1\t1\nq1\td1\t2\n", 2, "'q1' and 'd1' are judged twice, differently"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\n", None, "empty: holds no judgements"),
        ("qrels.tsv", "", None, "empty: holds no judgements"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(folder, name, written, line, reason):
    (folder / name).write_text(written, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read_collection(folder)
    assert (caught.value.path, caught.value.line) == (str(folder / name), line)
    assert caught.value.reason.startswith(reason)


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(SourceError, match="does not exist") as caught:
        read_collection(folder)
    assert caught.value.path == str(folder / name)


def test_broken_utf8_is_told_with_its_line(folder):
    with (folder / "queries.jsonl").open("ab") as file:
        file.write(b'{"_id": "q9", "text": "\xd9"}\n')
    with pytest.raises(SourceError, match="bad encoding") as caught:
        read_collection(folder)
    assert caught.value.line == len(QUERIES) + 1


# ---------------------------------------------------------------- metrics


def test_metrics_by_hand():
    judgements = {"a": {"d1": 1, "d2": 1}, "b": {"d1": 1}}
    values = measure(judgements, {"a": ranked("d9", "d1", "d8", "d2"), "b": ranked("d1")})
    ndcg = (1 / log2(3) + 1 / log2(5)) / (1 + 1 / log2(3))
    assert values["ndcg@10"] == pytest.approx({"a": ndcg, "b": 1.0})
    assert values["mrr@10"] == {"a": 0.5, "b": 1.0}
    assert values["p@1"] == {"a": 0.0, "b": 1.0}
    assert values["recall@100"] == {"a": 1.0, "b": 1.0}
    assert means(values) == pytest.approx(
        {"ndcg@10": (ndcg + 1) / 2, "mrr@10": 0.75, "p@1": 0.5, "recall@100": 1.0}
    )


def test_the_gain_of_a_grade_is_the_grade_itself():
    judgements = {"a": {"good": 2, "fair": 1, "bad": 0, "worse": -1}}
    values = measure(judgements, {"a": ranked("fair", "bad", "good", "worse")})
    assert values["ndcg@10"]["a"] == pytest.approx((1 + 2 / log2(4)) / (2 + 1 / log2(3)))
    assert values["p@1"]["a"] == 1.0
    assert values["recall@100"]["a"] == 1.0


def test_what_stands_below_the_cutoff_does_not_count():
    found = ranked(*(f"x{n}" for n in range(10)), "d1", *(f"y{n}" for n in range(89)), "d2")
    values = measure({"a": {"d1": 1, "d2": 1}}, {"a": found})
    assert {name: each["a"] for name, each in values.items()} == {
        "ndcg@10": 0.0,
        "mrr@10": 0.0,
        "p@1": 0.0,
        "recall@100": 0.5,
    }


def test_queries_that_find_nothing_count_as_nothing():
    judgements = {"a": {"d1": 1}, "b": {"d1": 1}, "c": {"d1": 1}}
    values = measure(judgements, {"a": ranked("d1"), "b": [], "not judged": ranked("d1")})
    assert values["p@1"] == {"a": 1.0, "b": 0.0, "c": 0.0}
    assert means(values)["ndcg@10"] == pytest.approx(1 / 3)


def test_a_run_without_any_hit_can_be_measured():
    assert set(means(measure({"a": {"d1": 1}}, {"a": []})).values()) == {0.0}


@pytest.mark.parametrize("order", [("d1", "d2"), ("d2", "d1")])
def test_documents_with_the_same_score_stay_in_their_order(order):
    run = {"a": [(document, 1.0) for document in order]}
    assert measure({"a": {"d1": 1}}, run)["p@1"]["a"] == float(order[0] == "d1")


def test_without_ir_measures_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    with pytest.raises(MissingPackage, match=r"pip install 'search-service\[evaluation\]'"):
        require_measures()


# ---------------------------------------------------------------- evaluating


@pytest.fixture
def evaluation(collection) -> Evaluation:
    with indexed(collection) as service:
        return evaluate(collection, service)


def test_an_evaluation_of_the_service(evaluation):
    found = {query: [document for document, _ in hits] for query, hits in evaluation.run.items()}
    # A title counts, so that d1 stands before d3; nothing speaks of a kitchen.
    assert found == {"q1": ["d1", "d3"], "q2": ["d2", "d3"], "q3": []}
    report = evaluation.to_json()
    assert report.pop("ms_per_query") > 0
    assert report == {
        "engine": "whoosh",
        "documents": 4,
        "queries": 3,
        "ndcg@10": pytest.approx((1 / log2(3) + 1 + 0) / 3, abs=1e-6),
        "mrr@10": 0.5,
        "p@1": pytest.approx(1 / 3, abs=1e-6),
        "recall@100": pytest.approx(2 / 3, abs=1e-6),
        "empty": 1,
    }


def test_the_metrics_are_those_of_the_report(evaluation):
    assert set(METRICS) <= set(evaluation.to_json())


def test_the_index_is_gone_afterwards(collection, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with indexed(collection):
        assert list(tmp_path.glob("search-service-*"))
    assert not list(tmp_path.glob("search-service-*"))


# ---------------------------------------------------------------- run files


def test_a_run_survives_its_file(evaluation, tmp_path):
    write_run(tmp_path / "a.run", evaluation.run, "tag")
    found = read_run(tmp_path / "a.run")
    assert found == {query: hits for query, hits in evaluation.run.items() if hits}


def test_the_lines_of_a_run(tmp_path):
    write_run(tmp_path / "a.run", {"q": [("d1", 1.5), ("d2", 0.25)], "r": []}, "tag")
    assert (tmp_path / "a.run").read_text() == "q Q0 d1 1 1.5 tag\nq Q0 d2 2 0.25 tag\n"


def test_documents_with_the_same_score_survive_a_file_in_their_order(tmp_path):
    run = {"q": (("b", 1.0), ("a", 1.0), ("c", 1.0))}
    write_run(tmp_path / "a.run", run, "tag")
    assert read_run(tmp_path / "a.run") == run


def test_the_score_and_not_the_rank_gives_the_order(tmp_path):
    (tmp_path / "a.run").write_text("q Q0 a 1 0.5 t\nq\tQ0\tb\t2\t7e-1\tt\n\n")
    assert read_run(tmp_path / "a.run") == {"q": (("b", 0.7), ("a", 0.5))}


def test_an_id_with_a_blank_cannot_stand_in_a_run(tmp_path):
    with pytest.raises(SourceError, match=r"cannot hold the id 'a b'"):
        write_run(tmp_path / "a.run", {"q": [("a b", 1.0)]}, "tag")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("q Q0 b 2 0.5", "must have 6 columns"),
        ("q Q0 b 2 0.5 my tag", "must have 6 columns"),
        ("q Q0 b 2 much t", "the score must be a number, not 'much'"),
        ("q Q0 b 2 nan t", "the score must be a number, not 'nan'"),
        ("q Q0 a 2 0.5 t", "document 'a' occurs twice for query 'q'"),
    ],
)
def test_a_broken_line_of_a_run_is_told(tmp_path, line, reason):
    (tmp_path / "a.run").write_text(f"q Q0 a 1 0.9 t\n{line}\n")
    with pytest.raises(SourceError) as caught:
        read_run(tmp_path / "a.run")
    assert caught.value.line == 2
    assert caught.value.reason.startswith(reason)


# ---------------------------------------------------------------- comparing


def test_a_run_compared_with_itself_has_neither_won_nor_lost(collection, evaluation):
    compared = compare(collection, evaluation, evaluation.run)
    assert (compared.won, compared.lost) == ((), ())


def test_won_and_lost_queries_are_told_with_the_documents_that_decided(collection, evaluation):
    earlier = {"q1": ranked("d3", "d1"), "q2": ranked("d4", "d3", "d2")}
    compared = compare(collection, evaluation, earlier)
    (lost,), (won,) = compared.lost, compared.won
    assert lost.to_json() == {
        "query": "q1",
        "text": "قطار",
        "ndcg@10": {"now": round(1 / log2(3), 6), "before": 1.0},
        "first_relevant": {"rank": 2, "before": 1},
        "relevant": {"document": "d3", "rank": 2, "before": 1},
        "above": {"document": "d1", "rank": 1, "before": 2},
    }
    assert (won.query, won.value, won.first_rank, won.first_before) == ("q2", 1.0, 1, 2)
    assert won.relevant.to_json() == {"document": "d2", "rank": 1, "before": 3}
    assert won.above is not None
    assert won.above.to_json() == {"document": "d3", "rank": 2, "before": 2}
    assert compared.before["p@1"] == {"q1": 1.0, "q2": 0.0, "q3": 0.0}


def test_a_document_that_was_not_found_stands_below_the_first(collection, evaluation):
    compared = compare(collection, evaluation, {"q1": ranked("d2"), "q2": ranked("d2", "d3")})
    (won,) = compared.won
    assert (won.first_before, won.relevant.before) == (None, None)
    assert won.above is not None
    assert won.above.document == "d2"


def test_against_nothing_there_is_no_document_above(collection, evaluation):
    compared = compare(collection, evaluation, {})
    assert {won.query: won.above for won in compared.won} == {"q1": None, "q2": None}
    assert [won.query for won in compared.won] == ["q2", "q1"], "greatest difference first"


def test_explained_are_the_terms_by_tier(collection):
    with indexed(collection) as service:
        terms = explain(service, "سفينة الميناء", ["d2", "d3", "d4"])
    assert set(terms) == {"d2", "d3"}
    assert list(terms["d2"])[:2] == ["exact", "folded"], "strictest first"
    assert set(terms["d2"]["exact"]) == {"الميناء"}
    scores = list(terms["d2"]["stem"].values())
    assert len(scores) >= 2, "both words, and the title"
    assert scores == sorted(scores, reverse=True)
