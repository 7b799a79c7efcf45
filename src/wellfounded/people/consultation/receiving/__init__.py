"""The ways in: what arrives as mail, files and spreadsheets, read and taken apart. No table and no Django in here."""
