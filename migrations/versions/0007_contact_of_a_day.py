"""Whether a day in individual supervision reached the floor of human contact."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact_day",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("enough", sa.Boolean(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_contact_day_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_contact_day_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_day")),
        sa.UniqueConstraint("case_id", "day", name=op.f("uq_contact_day_case_id_day")),
    )
    with op.batch_alter_table("contact_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_day_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_day_case_id"), ["case_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("Revisions only go forward: restore the backup made before.")
