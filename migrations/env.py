"""Alembic's entrance: runs schema revisions on the engine it is given, all of them or none."""

from alembic import context

import casework.tables  # noqa: F401  registers the tables
from processes.tables import Base

engine = context.config.attributes["engine"]
on_sqlite = engine.dialect.name == "sqlite"
with engine.connect() as connection:
    if on_sqlite:  # a table copied for a change would take those that refer to it along
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=on_sqlite,
        transactional_ddl=True,
        user_module_prefix="tables.",
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    if on_sqlite:
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")
