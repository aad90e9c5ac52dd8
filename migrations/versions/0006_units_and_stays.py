"""Special units, and who waits for a place or stays in them."""

import sqlalchemy as sa
from alembic import op

from processes import tables

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_unit_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["establishment.id"],
            name=op.f("fk_unit_establishment_id_establishment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_unit_establishment_id"), ["establishment_id"], unique=False
        )

    op.create_table(
        "stay",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("measure_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", tables.Instant(timezone=True), nullable=False),
        sa.Column("came_at", tables.Instant(timezone=True), nullable=True),
        sa.Column("left_at", tables.Instant(timezone=True), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_stay_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_stay_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_stay_measure_id_measure")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_stay_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay")),
    )
    with op.batch_alter_table("stay", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stay_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stay_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stay_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "ix_stay_list", ["agency_id", "kind", "state", "asked_at"], unique=False
        )


def downgrade() -> None:
    raise NotImplementedError("Revisions only go forward: restore the backup made before.")
