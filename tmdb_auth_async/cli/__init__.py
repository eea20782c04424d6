"""The command line `tmdb-auth`: log in, look, log out, and see it all work without a key."""
