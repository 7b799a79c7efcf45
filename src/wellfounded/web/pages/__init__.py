"""The views: each takes the publication in use and gives back a page."""
