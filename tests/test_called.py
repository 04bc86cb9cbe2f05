"""Lists of what names tell: museums, festivals, hospitals."""

from __future__ import annotations

from service.ask import Assistant


def test_everything_called_a_museum_is_a_member(shows: Assistant) -> None:
    answer = shows.ask("Which museums are mentioned across the reports?")
    assert [item.label for item in answer.items] == ["Lomond Museum", "Museum of Kilns"]
    assert all(item.citations for item in answer.items)


def test_a_member_must_fit_the_rest_of_the_question(shows: Assistant) -> None:
    labels = [item.label for item in shows.ask("Which museums showed War and Pigments?").items]
    assert "Museum of Kilns" not in labels


def test_where_nothing_is_called_a_hospital_no_university_is_listed_as_one(shows: Assistant) -> None:
    assert "Hartsell University" not in shows.ask("Which hospitals are mentioned?").answer
