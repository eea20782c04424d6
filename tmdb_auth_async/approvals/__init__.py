"""How a human says yes to a request token, one way a file."""
