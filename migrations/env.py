"""Alembic's entrance: runs schema revisions on the engine it is given."""

from alembic import context

import casework.tables  # noqa: F401  registers the tables
from processes.tables import Base

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=engine.dialect.name == "sqlite",
        user_module_prefix="tables.",
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
