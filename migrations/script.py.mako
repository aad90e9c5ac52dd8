"""${message}."""

import sqlalchemy as sa
from alembic import op
from processes import tables

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    raise NotImplementedError("Revisions only go forward: restore the backup made before.")
