"""Two agencies of two countries in one installation: whoever signs in to one meets nothing of the
other, neither on a page of his or her own nor by the address of a page of theirs."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.demo.world import WORLDS
from casework.tables import Person, Unit, UserAccount
from processes.tables import Agency, Establishment, ProcessVersion
from tests.pages import abroad, matrix
from tests.pages.estate import House
from tests.pages.test_routes import audited, sign_in
from tests.webapp.pages import faults


def logins(world: str) -> list[str]:
    """Everybody of a world, one for each function at one kind of place."""
    users = tomllib.loads(WORLDS[world].read_text("utf-8"))["user"]
    by_function = {tuple(sorted(user["roles"])): user["login"] for user in users}
    return list(by_function.values())


@pytest.fixture(scope="module")
def house(abroad_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with abroad.open_house(abroad_made, tmp_path_factory.mktemp("countries") / "data") as opened:
        yield opened


def of(house: House, world: str):
    return house.north if world == "sweden" else house.east


def words_of_the_others(house: House, agency_id) -> set[str]:
    """Names by which the other agency, its places, people, units and staff are known."""
    found: set[str] = set()
    with house.reading() as session:
        for table, names in (
            (Agency, (Agency.name,)),
            (Establishment, (Establishment.name,)),
            (Person, (Person.number, Person.family_name)),
            (Unit, (Unit.name,)),
            (UserAccount, (UserAccount.display_name,)),
        ):
            mine = Agency.id == agency_id if table is Agency else table.agency_id == agency_id
            for row in session.execute(select(*names).where(~mine)):
                found |= {str(value) for value in row}
            for row in session.execute(select(*names).where(mine)):
                found -= {str(value) for value in row}
    return found


def lists(house: House) -> list[str]:
    """Pages that name no row."""
    rules = matrix.pages(house)
    return [str(rule) for rule in rules if not rule.arguments and "live" not in str(rule)]


def own(house: House, login: str, rows: int = 3) -> Iterator[str]:
    """Pages of one's own agency: each route that names one row, with so many rows of each."""
    with house.reading() as session, house.app.test_request_context():
        agency_id = session.get_one(UserAccount, user(house, login)).agency_id
        for rule in matrix.pages(house):
            if len(rule.arguments) == 1 and (word := next(iter(rule.arguments))) in matrix.SUBJECTS:
                mine = [r for r in matrix.rows(session, word) if r.agency_id == agency_id]
                for row in mine[:rows]:
                    yield house.app.url_for(rule.endpoint, **{word: row.id})


def theirs(house: House, login: str) -> Iterator[tuple[str, object]]:
    """Every route that names rows, with rows of the other agency."""
    with house.reading() as session, house.app.test_request_context():
        agency_id = session.get_one(UserAccount, user(house, login)).agency_id
        for rule in matrix.pages(house):
            first = next((word for word in sorted(rule.arguments) if word in matrix.SUBJECTS), None)
            if first is None:
                continue
            for row_id in matrix.foreign(session, agency_id, first)[:2]:
                others = {w: "a" for w in rule.arguments if w not in matrix.SUBJECTS}
                more = {
                    w: matrix.foreign(session, agency_id, w)[0]
                    for w in rule.arguments
                    if w in matrix.SUBJECTS and w != first
                }
                yield (
                    house.app.url_for(rule.endpoint, **{first: row_id, **others, **more}),
                    row_id,
                )


def user(house: House, login: str):
    return (house.north.users | house.east.users)[login]


SOME = (
    "contact.bjork",
    "placement.mitt",
    "headoffice.se",
    "oversight.se",
    "coordinator.north",
    "governor.north",
    "registry.north",
    "judge.sentences",
)


@pytest.mark.parametrize("login", SOME)
def test_whoever_signs_in_meets_nothing_of_the_other_agency(house, login):
    look(house, login)


@pytest.mark.prove
@pytest.mark.parametrize("login", [*logins("sweden"), *logins("france")])
def test_nobody_meets_anything_of_the_other_agency(house, login):
    look(house, login)


def look(house, login):
    house.north.users.update(house.east.users)
    client, wrong, refused = sign_in(house, login), [], set()
    with house.reading() as session:
        agency_id = session.get_one(UserAccount, user(house, login)).agency_id
    forbidden = words_of_the_others(house, agency_id)
    for address in [*lists(house), *own(house, login)]:
        answer = client.get(address)
        if answer.status_code != 200 or answer.mimetype != "text/html" or "/demo" in address:
            continue
        main = answer.text[answer.text.index("<main") :]
        wrong += [f"{address}: {word}" for word in forbidden if f">{word}<" in main]
        wrong += [f"{address}: {fault}" for fault in faults(answer.text)]
    for address, row_id in theirs(house, login):
        if client.get(address).status_code != 404:
            wrong.append(f"{address} opens")
        refused.add(row_id)
    assert not wrong, "\n".join(wrong)
    assert audited(house, login) & refused


def test_each_agency_has_the_models_of_its_own_country(house):
    with house.reading() as session:
        found = select(ProcessVersion.agency_id, ProcessVersion.model)
        models: dict[object, set[str]] = {}
        for agency_id, model in session.execute(found):
            models.setdefault(agency_id, set()).add(model)
    assert "identify" in models[house.north.agency_id] - models[house.east.agency_id]
    assert "detection" in models[house.east.agency_id] - models[house.north.agency_id]


OF_FRANCE = ("units.index", "region.ending", "owed.answers", "sessions.index")


@pytest.mark.parametrize(("login", "status"), [("oversight.se", 404), ("oversight", 200)])
def test_a_page_of_one_country_is_not_there_in_another(house, login, status):
    house.north.users.update(house.east.users)
    client = sign_in(house, login)
    with house.app.test_request_context():
        addresses = [house.app.url_for(endpoint) for endpoint in OF_FRANCE]
    front = client.get("/work").text
    for address in addresses:
        assert client.get(address).status_code == status, address
        assert (f'href="{address}"' in front) is (status == 200), address
