"""The tests of tmdb_auth_async."""
