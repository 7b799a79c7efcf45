"""What the software makes of responses before people read them. It decides nothing, and undoes no decision."""
