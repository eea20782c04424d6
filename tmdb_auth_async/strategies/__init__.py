"""The ways to open a session at TMDB, one a file."""
