"""The interactive part of a session: notes at the tables, and votes in the room, which become responses."""
