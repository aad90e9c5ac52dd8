"""What one instance has open is found without reading all it ever had."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clock_instance_id"))
        batch_op.create_index("ix_clock_instance", ["instance_id", "state"], unique=False)
    with op.batch_alter_table("human_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_human_task_instance_id"))
        batch_op.create_index("ix_human_task_instance", ["instance_id", "state"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("Revisions only go forward: restore the backup made before.")
