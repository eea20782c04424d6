"""The demo: every strategy at a service on this machine, and what random cancels leave behind."""
