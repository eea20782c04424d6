"""The stand-in for TMDB: its API's authentication and what proves it, and its approval pages."""
