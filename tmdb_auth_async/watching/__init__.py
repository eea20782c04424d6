"""What the pytest plugin adds for tests of programs: a manager on the fake, and who left a session open there."""
