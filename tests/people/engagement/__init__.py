"""Tests of engagement: sessions and bookings."""
