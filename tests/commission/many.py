"""Many opinions at once, for pages that must hold them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from casework.tables import Opinion
from tests.commission.sitting import Sitting


def many_opinions(sitting: Sitting, count: int) -> None:
    """As many answers owed, about one case: what a page of them costs does not depend on whom."""
    case_id = sitting.refer("N-77")
    instance_id = sitting.instance(case_id)
    with sitting.writing() as session:
        acting = sitting.acting(None)
        place = session.scalars(select(Opinion.establishment_id)).first()
        from casework.tables import Case

        place = place or session.get_one(Case, case_id).establishment_id
        session.add_all(
            Opinion(
                id=acting.new_id(),
                agency_id=acting.agency_id,
                case_id=case_id,
                instance_id=instance_id,
                establishment_id=place,
                outcome="qer",
                favourable=False,
                issued_at=acting.now - timedelta(days=number % 80, minutes=number),
                sent_at=acting.now - timedelta(days=number % 70),
                sent_how="by_hand",
                owner_role="fr.central",
                answer_due_at=acting.now + timedelta(days=30 - number % 60),
                state="sent",
                repeat=1 + number % 3,
            )
            for number in range(count)
        )
