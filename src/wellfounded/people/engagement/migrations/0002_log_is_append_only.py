"""The database refuses to change a line of the log."""

from __future__ import annotations

from django.db import migrations

WORDS = "the log of bookings is append-only"
SQLITE = f"""
CREATE TRIGGER engagement_log_append_only BEFORE UPDATE ON engagement_transition
BEGIN SELECT RAISE(ABORT, '{WORDS}'); END
"""
POSTGRESQL = f"""
CREATE FUNCTION engagement_log_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER engagement_log_append_only BEFORE UPDATE ON engagement_transition
FOR EACH ROW EXECUTE FUNCTION engagement_log_append_only();
"""
UNDO = {
    "sqlite": "DROP TRIGGER engagement_log_append_only",
    "postgresql": (
        "DROP TRIGGER engagement_log_append_only ON engagement_transition; DROP FUNCTION engagement_log_append_only()"
    ),
}


def refuse(_: object, editor: object) -> None:
    editor.execute({"sqlite": SQLITE, "postgresql": POSTGRESQL}[editor.connection.vendor])


def allow(_: object, editor: object) -> None:
    editor.execute(UNDO[editor.connection.vendor])


class Migration(migrations.Migration):
    dependencies = [("engagement", "0001_sessions")]

    operations = [migrations.RunPython(refuse, allow)]
