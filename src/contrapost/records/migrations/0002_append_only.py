"""Attempts and history are written once: the database itself refuses to change them.

They may go only when their transaction is gone. A later migration that remakes one of these tables on SQLite drops its
triggers and has to run `guard` again.
"""

from django.db import migrations

TABLES = ("records_attempt", "records_historyentry")

SQLITE = """
CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}
WHEN EXISTS (SELECT 1 FROM records_transaction WHERE id = OLD.transaction_id)
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
"""

POSTGRESQL_FUNCTION = """
CREATE FUNCTION records_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT 1 FROM records_transaction WHERE id = OLD.transaction_id) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""

POSTGRESQL = """
CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION records_append_only();
CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION records_append_only();
"""


def guard(_apps, schema_editor):
    """Sets the triggers."""
    if schema_editor.connection.vendor == "sqlite":
        for statement in _sqlite_statements():
            schema_editor.execute(statement)
        return
    schema_editor.execute(POSTGRESQL_FUNCTION, params=None)
    for table in TABLES:
        schema_editor.execute(POSTGRESQL.format(table=table))


def unguard(_apps, schema_editor):
    """Takes the triggers away."""
    on_sqlite = schema_editor.connection.vendor == "sqlite"
    for table in TABLES:
        for name in ("unchanged", "kept") if on_sqlite else ("kept", "not_emptied"):
            schema_editor.execute(f"DROP TRIGGER {table}_{name}" + ("" if on_sqlite else f" ON {table}"))
    if not on_sqlite:
        schema_editor.execute("DROP FUNCTION records_append_only()")


def _sqlite_statements():
    for table in TABLES:
        for statement in SQLITE.format(table=table).split("CREATE TRIGGER")[1:]:
            yield "CREATE TRIGGER" + statement


class Migration(migrations.Migration):
    """Guards what is written once."""

    dependencies = [("records", "0001_rows")]
    operations = [migrations.RunPython(guard, unguard)]
