"""Running instances are put onto another version of their model, and back while they stand."""

import sqlalchemy as sa
from alembic import op

from processes import tables

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "instance_migration",
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("from_version_id", sa.Uuid(), nullable=False),
        sa.Column("to_version_id", sa.Uuid(), nullable=False),
        sa.Column("at", tables.Instant(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state_before", sa.LargeBinary(), nullable=True),
        sa.Column("rows_before", sa.JSON(), nullable=True),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_instance_migration_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["from_version_id"],
            ["process_version.id"],
            name=op.f("fk_instance_migration_from_version_id_process_version"),
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name=op.f("fk_instance_migration_instance_id_process_instance"),
        ),
        sa.ForeignKeyConstraint(
            ["to_version_id"],
            ["process_version.id"],
            name=op.f("fk_instance_migration_to_version_id_process_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance_migration")),
    )
    with op.batch_alter_table("instance_migration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instance_migration_agency_id"), ["agency_id"])
        batch_op.create_index(batch_op.f("ix_instance_migration_instance_id"), ["instance_id"])
    op.add_column("process_instance", sa.Column("migrated_revision", sa.Integer(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("Revisions only go forward: restore the backup made before.")
