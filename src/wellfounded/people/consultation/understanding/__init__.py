"""What people said, understood: points, links, themes, campaigns, what was missed, what is personal. Pure text methods:
no tables, no network, no clock; the same input gives the same output."""
