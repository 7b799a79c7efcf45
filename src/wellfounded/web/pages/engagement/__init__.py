"""The pages of sessions: for the public, for organisers, and in the room."""
